// The pet's name is saved when it changes.
(() => {
  const words = document.querySelector('[data-words]').dataset
  const panel = () => document.getElementById('name')
  const problem = () => panel().querySelector('[data-name-problem]')
  const field = () => panel().querySelector('#pet-name')
  let pending = null
  let sent = ''
  let isProposal = false

  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    if (!ctx.sourceElement.closest('#name')) return
    pending = ctx
    sent = field().value
    isProposal = ctx.sourceElement.matches('.chip')
  })

  // The field shows the name as it is stored, unless the owner has typed on. A proposal disappears once it is taken, so
  // the focus moves to the panel, which opens no keyboard.
  document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
    if (ctx !== pending || ctx.response.status >= 400) return
    pending = null
    if (field().value === sent) field().value = panel().dataset.name
    if (isProposal) panel().focus({ preventScroll: true })
  })

  document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
    if (ctx !== pending) return
    pending = null
    const page = new DOMParser().parseFromString(ctx.text, 'text/html')
    const reason = page.querySelector('[data-name-problem], .error-page .lead')?.textContent || ''
    problem().textContent = words.notSaved.replace('{reason}', () => reason.trim())
  })

  document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
    if (!ctx || ctx !== pending) return
    pending = null
    problem().textContent = words.noConnection
  })
})()
