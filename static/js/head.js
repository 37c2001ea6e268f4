// The owner's answers about the pet's head: each is sent immediately, can be undone, and is followed by the cards.
(() => {
  const form = document.querySelector('[data-picker]')
  const words = document.querySelector('[data-words]').dataset
  const { oval } = form
  const panel = () => document.getElementById('head')
  const find = name => panel().querySelector(`[data-head-${name}]`)
  // Milliseconds after the last key or step of a slider until the oval is saved.
  const PAUSE = 700
  // Milliseconds without a response until the panel shows that it is saving.
  const SLOW = 500

  let timer = 0
  // The last request with an answer, until its response is shown.
  let pending = null
  // The answer that was not saved, for "Try again".
  let failed = ''
  const answers = new WeakMap()
  // The oval and its origin before each answer, for Undo.
  const undo = []
  let stored = read()
  // The button of an order that waits until the oval is saved.
  let order = null
  let wasOpen = false

  function read () {
    const { oval: numbers, was } = panel().dataset
    return { numbers, was }
  }

  function say (text) {
    find('said').textContent = find('live').textContent = text
  }

  const isEditing = () => Boolean(timer || pending || oval.isHeld())

  function save () {
    clearTimeout(timer)
    timer = 0
    if (oval.isHeld()) return saveLater()
    find('again').hidden = true
    panel().dispatchEvent(new CustomEvent('save'))
  }

  function saveLater () {
    clearTimeout(timer)
    timer = setTimeout(save, PAUSE)
  }

  form.addEventListener('oval:changed', ({ detail: { text, more } }) => {
    if (text) say(text)
    more ? saveLater() : save()
  })

  document.addEventListener('htmx:config:request', event => {
    const { ctx } = event.detail
    if (!ctx.sourceElement.closest('#head')) return
    const { body } = ctx.request
    const answer = body.get('head-answer')
    for (const [name, number] of oval.numbers) body.set(name, number)
    if (answer === 'undo') {
      if (!undo.length) return event.preventDefault()
      const { numbers, was } = undo.at(-1)
      body.set('head-was', was)
      oval.numbers.forEach(([name], place) => body.set(name, numbers.split(' ')[place]))
    }
    clearTimeout(timer)
    timer = 0
    answers.set(ctx, answer)
    pending = ctx
    // Hides the previews, which show the old head.
    form.dataset.saving = ''
    setTimeout(() => { if (pending === ctx) find('said').textContent = words.saving }, SLOW)
    // A poll that is under way knows nothing of this answer.
    for (const id of ['notes', 'loops']) document.getElementById(id).dispatchEvent(new CustomEvent('htmx:abort'))
  })

  function finish () {
    pending = null
    delete form.dataset.saving
  }

  function fail (text) {
    failed = answers.get(pending)
    finish()
    order = null
    say(text)
    find('again').hidden = false
  }

  document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
    if (ctx !== pending) return
    const page = new DOMParser().parseFromString(ctx.text, 'text/html')
    const reason = page.querySelector('[data-head-live], .error-page .lead')?.textContent || ''
    fail(words.notSaved.replace('{reason}', () => reason.trim()))
  })

  document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
    if (ctx && ctx === pending) fail(words.noConnection)
  })

  document.addEventListener('htmx:before:swap', event => {
    const { ctx } = event.detail
    wasOpen = panel().querySelector('.head').open
    // Never replace what the owner is changing: the next poll brings it.
    if (ctx.sourceElement.id === 'notes' && isEditing()) event.preventDefault()
  })

  document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
    const answer = answers.get(ctx)
    if (!(answer || ctx.sourceElement.id === 'notes') || ctx.response.status >= 400) return
    const box = panel()
    const details = box.querySelector('.head')
    // A second tap on the same answer changes nothing.
    const changes = stored.numbers !== box.dataset.oval || stored.was !== box.dataset.was
    const closes = changes && ['yes', 'none'].includes(answer)
    // With two columns, the dances stay where they are if the panel opens.
    const asks = !answer && ['question', 'person'].includes(box.dataset.state) && matchMedia('(min-width: 60rem)').matches
    details.open = !closes && (wasOpen || asks)
    if (answer) {
      if (ctx === pending) finish()
      if (answer === 'undo') undo.pop()
      else if (changes) undo.push(stored)
      say(answer === 'undo' ? words.undone : box.dataset.state === 'question' ? words.question : words.follows)
      form.dispatchEvent(new CustomEvent('pet:changed'))
      if (closes || document.activeElement === document.body) details.querySelector('summary').focus({ preventScroll: true })
    }
    stored = read()
    find('undo').hidden = !undo.length
    if (isEditing()) return oval.refresh()
    oval.show(stored.numbers, !stored.was)
    if (order) form.requestSubmit(order)
    order = null
  })

  // Saving replaces the panel, so listen further up.
  form.addEventListener('click', event => {
    if (!event.target.closest('[data-head-again]')) return
    const button = panel().querySelector(`[name="head-answer"][value="${failed}"]:not(.head-save)`)
    find('again').hidden = true
    button ? button.click() : save()
  })
  document.addEventListener('every', event => {
    if (event.target.id === 'notes' && isEditing()) event.stopPropagation()
  }, true)

  // A video never shows an oval from before the last change.
  form.addEventListener('submit', event => {
    if (event.defaultPrevented || !event.submitter?.matches('[data-once]') || !(timer || pending)) return
    event.preventDefault()
    order = event.submitter
    if (timer) save()
  })
})()
