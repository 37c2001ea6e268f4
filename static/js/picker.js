// Dragging the picture moves what the video keeps of it; the sliders do the same by keyboard.
(() => {
  const form = document.querySelector('[data-picker]')
  const sliders = { x: form.elements.x, y: form.elements.y }
  form.querySelector('[data-drag-hint]').hidden = false

  // The share of the photo that the frame keeps, for each axis: 1 where nothing is cut off.
  function kept (frame) {
    const ratio = frame.dataset.ratio / 1000
    const shape = frame.querySelector('img').clientWidth / frame.querySelector('img').clientHeight
    return ratio > shape ? { x: shape / ratio, y: 1 } : { x: 1, y: ratio / shape }
  }

  const within = (value, share) => Math.min(1 - share / 2, Math.max(share / 2, value))

  // The rough picture while it moves: the thumbnail, which is here already, cut as the server will cut the photo.
  function sketch (frame) {
    const image = frame.querySelector('img')
    const share = kept(frame)
    image.src = frame.dataset.thumbnail
    const place = axis => share[axis] === 1 ? 50 : 100 * (within(Number(sliders[axis].value), share[axis]) - share[axis] / 2) / (1 - share[axis])
    image.style.objectPosition = `${place('x')}% ${place('y')}%`
  }

  // A finger scrolls the page along the axis on which the picture has nowhere to go.
  function leaveScrolling () {
    const frame = form.querySelector('[data-frame]')
    const share = kept(frame)
    frame.style.touchAction = share.y < 1 ? 'none' : share.x < 1 ? 'pan-y' : 'auto'
  }
  document.addEventListener('htmx:after:swap', leaveScrolling)
  leaveScrolling()

  form.addEventListener('pointerdown', event => {
    const frame = event.target.closest('[data-frame]')
    if (!frame || event.button) return
    event.preventDefault()
    const share = kept(frame)
    const from = { x: event.clientX, y: event.clientY }
    const start = { x: within(Number(sliders.x.value), share.x), y: within(Number(sliders.y.value), share.y) }
    const image = frame.querySelector('img')
    const size = { x: image.clientWidth, y: image.clientHeight }
    frame.setPointerCapture(event.pointerId)
    frame.classList.add('moving')

    const move = now => {
      for (const axis of ['x', 'y']) {
        const by = (now[axis === 'x' ? 'clientX' : 'clientY'] - from[axis]) / size[axis] * share[axis]
        sliders[axis].value = within(start[axis] - by, share[axis])
      }
      sketch(frame)
    }
    const end = () => {
      frame.classList.remove('moving')
      frame.removeEventListener('pointermove', move)
      sliders.x.dispatchEvent(new Event('change', { bubbles: true }))
    }
    frame.addEventListener('pointermove', move)
    frame.addEventListener('lostpointercapture', end, { once: true })
  })

  // A photo that has just come is cut out in the background: the cards take the sticker as soon as it is there.
  async function takeSticker (dances, pause) {
    const answer = await fetch(dances.dataset.sticker)
    if (answer.status === 200) {
      for (const pet of dances.querySelectorAll('.pet img')) {
        pet.src = dances.dataset.sticker
        pet.classList.remove('print')
      }
    } else if (pause < 60000) setTimeout(takeSticker, pause, dances, pause * 1.5)
  }
  const unprepared = form.querySelector('[data-sticker]')
  if (unprepared) setTimeout(takeSticker, 1000, unprepared, 1000)

  form.addEventListener('input', event => {
    if (event.target.type === 'range') sketch(form.querySelector('[data-frame]'))
  })
})()
