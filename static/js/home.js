// The chips under the floor set the dance and tempo of the mascots. Mascots are drawn and start dancing one by one, when
// the browser is idle, and only mascots in the viewport dance.
(() => {
  const switcher = document.querySelector('[data-dance-switcher]')
  switcher?.addEventListener('click', event => {
    const chip = event.target.closest('[data-dance]')
    if (!chip) return
    const stage = document.querySelector('[data-stage]')
    for (const other of switcher.querySelectorAll('[data-dance]')) other.setAttribute('aria-pressed', String(other === chip))
    stage.dataset.bpm = chip.dataset.bpm
    for (const mascot of stage.querySelectorAll('.mascot')) mascot.className = `mascot ${chip.dataset.dance}`
  })

  // Choosing a photo sends it.
  const starts = [...document.querySelectorAll('[data-start]')].map(form => ({
    form,
    input: form.querySelector('[type=file]'),
    label: form.querySelector('label'),
    problem: form.querySelector('.field-errors'),
    words: form.querySelector('label').textContent,
  }))
  for (const { form, input, label, problem } of starts) {
    input.addEventListener('change', () => {
      const [photo] = input.files
      const tooLarge = photo?.size > Number(form.dataset.start)
      problem.textContent = tooLarge ? 'That photo is larger than 10\u00a0MB. Choose a smaller one.' : ''
      if (tooLarge) input.value = ''
      if (!photo || tooLarge) return
      label.textContent = 'Uploading…'
      label.setAttribute('aria-busy', 'true')
      form.submit()
    })
    // It looks like a button, so Enter opens the picker as well, and does not send an empty form.
    input.addEventListener('keydown', event => {
      if (event.key !== 'Enter') return
      event.preventDefault()
      input.click()
    })
  }
  // The page may come back from the back/forward cache.
  addEventListener('pageshow', () => {
    for (const { form, label, words } of starts) {
      form.reset()
      label.textContent = words
      label.removeAttribute('aria-busy')
    }
  })

  const idle = window.requestIdleCallback || (task => setTimeout(task, 40))
  const tasks = []
  function later (task) {
    if (tasks.push(task) === 1) idle(next)
  }
  function next () {
    tasks[0]()
    tasks.shift()
    // One task per frame, so that the style changes of two tasks do not add up to one long frame.
    if (tasks.length) requestAnimationFrame(() => idle(next))
  }

  const inSight = new WeakSet()
  const seen = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) inSight.add(target)
      else inSight.delete(target)
      later(() => target.toggleAttribute('data-awake', inSight.has(target)))
    }
  })
  // In the gallery, a mascot stays unparsed text until it is near the viewport.
  const near = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue
      near.unobserve(target)
      later(() => draw(target))
    }
  }, { rootMargin: '60%', scrollMargin: '60%' })
  function draw (mascot) {
    const text = mascot.querySelector('noscript')?.textContent
    if (text) mascot.innerHTML = text
    mascot.setAttribute('data-drawn', '')
  }

  addEventListener('load', () => {
    for (const dancer of document.querySelectorAll('.floor, .mascot')) seen.observe(dancer)
    for (const mascot of document.querySelectorAll('.gallery .mascot')) near.observe(mascot)
  })
})()
