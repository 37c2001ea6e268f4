// Considerate polling: none in a hidden tab, backoff while the server is unreachable, and an immediate poll on return.
(() => {
  const FIRST = 5000
  const LONGEST = 60000
  const offline = document.querySelector('[data-offline]')
  let pause = 0
  let notBefore = 0

  // htmx's `every` event does not bubble, so listen in the capture phase.
  document.addEventListener('every', event => {
    if (document.hidden || Date.now() < notBefore) event.stopPropagation()
  }, true)

  function backOff () {
    pause = Math.min(LONGEST, pause * 2 || FIRST)
    notBefore = Date.now() + pause * (0.75 + Math.random() / 2)
    offline.hidden = false
  }

  function goOn () {
    pause = notBefore = 0
    offline.hidden = true
  }

  function pollNow () {
    notBefore = 0
    for (const card of document.querySelectorAll('[data-hx-trigger^="every"]')) card.dispatchEvent(new CustomEvent('every'))
  }

  document.addEventListener('htmx:error', backOff)
  document.addEventListener('htmx:response:error', event => {
    // The session has ended by a logout or a new password. Reloading redirects to the login page.
    if (event.detail.ctx.response.status === 404 && event.detail.ctx.sourceElement.matches('[data-video]')) location.reload()
    else backOff()
  })
  document.addEventListener('htmx:after:request', event => {
    if (event.detail.ctx.response.status < 400) goOn()
  })
  // The finished video has just appeared before the owner's eyes, so no e-mail is needed. When in doubt, one is sent.
  document.addEventListener('htmx:after:swap', () => {
    const form = document.querySelector('form[data-watched]')
    if (!form || document.hidden) return
    form.removeAttribute('data-watched')
    fetch(form.action, { method: 'POST', body: new FormData(form) }).catch(console.debug)
  })
  document.addEventListener('visibilitychange', () => { if (!document.hidden) pollNow() })
  addEventListener('online', pollNow)
})()
