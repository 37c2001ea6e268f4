// Polls with manners: none in a hidden tab, fewer while the server cannot be reached, one at once on coming back.
(() => {
  const FIRST = 5000
  const LONGEST = 60000
  const offline = document.querySelector('[data-offline]')
  let pause = 0
  let notBefore = 0

  // htmx's `every` does not bubble: it is caught on its way down.
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
    // Logged out meanwhile, or the password changed: the page itself knows where to go on.
    if (event.detail.ctx.response.status === 404 && event.detail.ctx.sourceElement.matches('[data-video]')) location.reload()
    else backOff()
  })
  document.addEventListener('htmx:after:request', event => {
    if (event.detail.ctx.response.status < 400) goOn()
  })
  document.addEventListener('visibilitychange', () => { if (!document.hidden) pollNow() })
  addEventListener('online', pollNow)

  // The minutes to the promise go down while the page is open, in between two polls as well.
  function countDown () {
    for (const element of document.querySelectorAll('[data-minutes-to]')) {
      const minutes = Math.max(0, Math.ceil((element.dataset.minutesTo - Date.now() / 1000) / 60))
      element.textContent = minutes ? `in ${minutes} minute${minutes === 1 ? '' : 's'}` : 'now'
    }
  }
  setInterval(countDown, 5000)
})()
