// Sound and pause buttons for videos, and posters that play on hover or focus.
(() => {
  const still = matchMedia('(prefers-reduced-motion: reduce)')

  function ready (player) {
    const video = player.querySelector('video')
    const button = player.querySelector('[data-sound]')
    const show = () => {
      button.classList.toggle('on', !video.muted)
      button.querySelector('span').textContent = video.muted ? button.dataset.soundOn : button.dataset.soundOff
    }
    button.addEventListener('click', () => {
      video.muted = !video.muted
      if (!video.muted) video.currentTime = 0
      video.play().catch(() => {})
    })
    video.addEventListener('volumechange', show)
    button.hidden = false
    // Our buttons replace the browser's controls, which have a mute button as well.
    video.removeAttribute('controls')
    button.after(pauseButton(video, button.dataset))
    if (still.matches) {
      video.autoplay = false
      video.pause()
    }
    player.dataset.player = 'ready'
    if ('inView' in player.dataset && !still.matches && !navigator.connection?.saveData) seen.observe(video)
    show()
  }

  function pauseButton (video, words) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'round pause'
    const show = () => {
      button.classList.toggle('paused', video.paused)
      button.setAttribute('aria-label', video.paused ? words.playWords : words.pauseWords)
    }
    const toggle = () => {
      if (video.paused) return video.play().catch(() => {})
      video.pause()
      // It stays paused when it is scrolled away and back.
      seen.unobserve(video)
    }
    button.addEventListener('click', toggle)
    video.addEventListener('click', toggle)
    for (const event of ['play', 'pause', 'emptied']) video.addEventListener(event, show)
    show()
    return button
  }

  // A video further down the page plays only while it is visible.
  const seen = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) isIntersecting ? target.play().catch(() => {}) : target.pause()
  }, { threshold: 0.6 })

  function readyAll () {
    document.querySelectorAll('[data-player=""]').forEach(ready)
  }

  // Posters of the gallery: with a mouse, they play under the pointer, and on phones while they are in view.
  const touch = matchMedia('(hover: none)')

  function poster (event) {
    return event.target.closest?.('.video-grid-link')?.querySelector('[data-play]')
  }

  function start (event) {
    const video = poster(event)
    // play() rejects if the pointer leaves before the first frame is loaded.
    if (video?.paused && !still.matches) video.play().catch(() => {})
  }

  function stop (event) {
    const video = poster(event)
    if (touch.matches || !video || video.paused) return
    if (!event.target.closest('.video-grid-link').contains(event.relatedTarget)) video.load()
  }

  function watchPosters () {
    if (!touch.matches || still.matches || navigator.connection?.saveData) return
    document.querySelectorAll('[data-play]').forEach(video => seen.observe(video))
  }

  document.addEventListener('pointerover', start)
  document.addEventListener('focusin', start)
  document.addEventListener('pointerout', stop)
  document.addEventListener('focusout', stop)
  document.addEventListener('htmx:after:swap', readyAll)
  document.addEventListener('htmx:after:swap', watchPosters)
  readyAll()
  watchPosters()
})()
