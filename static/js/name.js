// The pet's name is saved when it changes.
(() => {
  const panel = () => document.getElementById('name')
  const problem = () => panel().querySelector('[data-name-problem]')
  let pending = null

  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    if (ctx.sourceElement.closest('#name')) pending = ctx
  })

  // A proposal disappears once it is taken. The focus moves to the field.
  document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
    if (ctx !== pending || ctx.response.status >= 400) return
    pending = null
    if (ctx.sourceElement.matches('.chip')) panel().querySelector('#pet-name').focus({ preventScroll: true })
  })

  document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
    if (ctx !== pending) return
    pending = null
    const page = new DOMParser().parseFromString(ctx.text, 'text/html')
    const reason = page.querySelector('[data-name-problem], .error-page .lead')?.textContent || ''
    problem().textContent = `Not saved. ${reason.trim()}`
  })

  document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
    if (!ctx || ctx !== pending) return
    pending = null
    problem().textContent = 'Not saved. Check your connection and try again.'
  })
})()
