// Choosing a photo sends it. The clips at the top play while they are visible, and stills of dances load when they are near.
(() => {
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
      problem.textContent = tooLarge ? form.dataset.tooLarge : ''
      if (tooLarge) input.value = ''
      if (!photo || tooLarge) return
      label.textContent = form.dataset.uploading
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

  // The clips play in view; with reduced motion or a data saver, only on request.
  const clips = document.querySelector('[data-clips]')
  const videos = [...clips.querySelectorAll('video')]
  const pause = document.querySelector('[data-clips-pause]')
  let playing = !matchMedia('(prefers-reduced-motion: reduce)').matches && !navigator.connection?.saveData
  let visible = false
  function update () {
    for (const video of videos) playing && visible ? video.play().catch(() => {}) : video.pause()
    pause.setAttribute('aria-label', playing ? pause.dataset.pauseWords : pause.dataset.playWords)
    pause.classList.toggle('paused', !playing)
  }
  pause.addEventListener('click', () => {
    playing = !playing
    update()
  })
  pause.hidden = false
  const seen = new IntersectionObserver(([entry]) => {
    visible = entry.isIntersecting
    document.querySelector('.floor').toggleAttribute('data-awake', visible)
    update()
  }, { threshold: 0.2 })

  // A still of a dance stays unparsed text until it is near the viewport; a tiny version of it shows until then.
  const near = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue
      near.unobserve(target)
      target.innerHTML = target.querySelector('noscript').textContent
    }
  }, { scrollMargin: '30%' })

  update()
  addEventListener('load', () => {
    seen.observe(clips)
    for (const still of document.querySelectorAll('.still')) near.observe(still)
  })
})()
