// Sound one tap away, and posters that dance under the pointer or the focus.
(() => {
  const still = matchMedia('(prefers-reduced-motion: reduce)')

  function ready (player) {
    const video = player.querySelector('video')
    const button = player.querySelector('[data-sound]')
    const show = () => {
      button.classList.toggle('on', !video.muted)
      button.querySelector('span').textContent = video.muted ? 'Sound on' : 'Sound off'
    }
    button.addEventListener('click', () => {
      video.muted = !video.muted
      if (!video.muted) video.currentTime = 0
      video.play().catch(() => {})
    })
    video.addEventListener('volumechange', show)
    button.hidden = false
    if (still.matches) {
      video.autoplay = false
      video.pause()
    }
    player.dataset.player = 'ready'
    if ('inView' in player.dataset && !still.matches) seen.observe(video)
    show()
  }

  // A video that waits further down the page plays while it can be seen.
  const seen = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) isIntersecting ? target.play().catch(() => {}) : target.pause()
  }, { threshold: 0.4 })

  function readyAll () {
    document.querySelectorAll('[data-player=""]').forEach(ready)
  }

  function dancing (event) {
    return event.target.closest?.('.video-grid-link')?.querySelector('[data-hover-play]')
  }

  function start (event) {
    const video = dancing(event)
    // The promise is refused when the pointer is gone again before the first frame is there.
    if (video?.paused && !still.matches) video.play().catch(() => {})
  }

  function stop (event) {
    const video = dancing(event)
    if (video && !video.paused && !event.target.closest('.video-grid-link').contains(event.relatedTarget)) video.load()
  }

  document.addEventListener('pointerover', start)
  document.addEventListener('focusin', start)
  document.addEventListener('pointerout', stop)
  document.addEventListener('focusout', stop)
  document.addEventListener('htmx:after:swap', readyAll)
  readyAll()
})()
