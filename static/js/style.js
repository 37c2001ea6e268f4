// The switch between the dancer and the whole pet: what the owner chooses is saved immediately.
(() => {
  const form = document.querySelector('[data-picker]')
  const words = document.querySelector('[data-words]').dataset
  const panel = () => document.getElementById('style')
  let wasOpen = false
  let pending = null

  function say (name, text) {
    panel().querySelector(`[data-style-${name}]`).textContent = text
  }

  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    if (!ctx.sourceElement.closest('#style')) return
    pending = ctx
    // A poll that is under way knows nothing of this choice.
    document.getElementById('loops').dispatchEvent(new CustomEvent('htmx:abort'))
  })

  document.addEventListener('htmx:before:swap', () => {
    wasOpen = Boolean(panel().querySelector('.bodies')?.open)
  })

  document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
    const bodies = panel().querySelector('.bodies')
    if (bodies && wasOpen) bodies.open = true
    if (ctx !== pending || ctx.response.status >= 400) return
    pending = null
    say('said', words.saved)
  })

  // Show the choice that is stored.
  function fail (text) {
    pending = null
    const { style, body } = panel().dataset
    for (const radio of panel().querySelectorAll('[type=radio]')) radio.checked = radio.value === (radio.name === 'style' ? style : body)
    say('problem', text)
  }

  document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
    if (ctx !== pending) return
    const page = new DOMParser().parseFromString(ctx.text, 'text/html')
    const reason = page.querySelector('[data-style-problem], .error-page .lead')?.textContent || ''
    fail(words.notSaved.replace('{reason}', () => reason.trim()))
  })

  document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
    if (ctx && ctx === pending) fail(words.noConnection)
  })

  // Only cards in the viewport dance.
  const seen = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) target.toggleAttribute('data-awake', isIntersecting)
  })
  for (const pet of form.querySelectorAll('.pet')) seen.observe(pet)

  // The drawn dancer leaves once the real one is there.
  form.addEventListener('load', ({ target }) => {
    if (!target.matches('.loop img')) return
    target.decode().then(() => target.closest('.pet')?.querySelector('.mascot')?.remove(), () => {})
  }, true)

  form.addEventListener('click', event => {
    if (!event.target.closest('[data-open-head]')) return
    event.preventDefault()
    const head = document.querySelector('#head .head')
    head.open = true
    head.scrollIntoView({ block: 'start' })
    head.querySelector('summary').focus({ preventScroll: true })
  })
})()
