// Dragging the photo selects the part that the video shows. The sliders do the same for the keyboard.
(() => {
  const form = document.querySelector('[data-picker]')
  const words = document.querySelector('[data-words]').dataset
  const percents = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' })
  const sliders = { x: form.elements.x, y: form.elements.y }
  const preview = () => document.getElementById('preview')

  // The share of the photo inside the frame, for each axis. It is 1 if nothing is cropped.
  function kept (frame) {
    const ratio = frame.dataset.ratio / 1000
    // Read the attribute, not the layout, to avoid a forced reflow.
    const [, , width, height] = frame.querySelector('.sketch').getAttribute('viewBox').split(' ')
    const shape = width / height
    return ratio > shape ? { x: shape / ratio, y: 1 } : { x: 1, y: ratio / shape }
  }

  const within = (value, share) => Math.min(1 - share / 2, Math.max(share / 2, value))

  // While the photo is dragged, show the thumbnail, which is already loaded, with the crop that the server will make.
  function sketch () {
    const picture = preview().querySelector('.sketch')
    if (!picture) return
    const share = kept(preview())
    const photo = picture.querySelector('image')
    const size = { x: photo.getAttribute('width'), y: photo.getAttribute('height') }
    const start = axis => (within(Number(sliders[axis].value), share[axis]) - share[axis] / 2) * size[axis]
    picture.setAttribute('viewBox', [start('x'), start('y'), share.x * size.x, share.y * size.y].join(' '))
    preview().querySelector('.over').hidden = true
  }

  // Let touch scroll the page along the axis on which the photo cannot move.
  function leaveScrolling () {
    const { axes, ratio } = preview().dataset
    preview().style.touchAction = !ratio ? 'auto' : axes.includes('y') ? 'none' : axes ? 'pan-y' : 'auto'
  }

  // Show a slider only if moving the focus along its axis changes the video.
  function fitSliders () {
    const { axes, ratio } = preview().dataset
    for (const axis of ['x', 'y']) sliders[axis].closest('label').hidden = !axes.includes(axis)
    form.querySelector('[data-drag-hint]').hidden = !ratio
    form.querySelector('[data-focus]').hidden = !axes
  }

  function describeFocus () {
    const describe = (axis, text) => sliders[axis].setAttribute('aria-valuetext', text.replace('{percent}', percents.format(sliders[axis].value)))
    describe('x', words.fromLeft)
    describe('y', words.fromTop)
  }

  // The checkout bar shows the choice, and its own message if there is none.
  const choice = form.querySelector('[data-choice]')
  const problem = form.querySelector('[data-problem]')

  function describeChoice () {
    const dance = form.querySelector('[name=dance]:checked')
    const shape = form.querySelector('[name=format]:checked')
    if (!dance) return
    choice.textContent = [dance, shape].map(radio => radio?.dataset.name).filter(Boolean).join(' · ')
    problem.textContent = ''
  }

  form.addEventListener('submit', event => {
    if (event.submitter?.matches('[data-enter]')) return event.preventDefault()
    if (!event.submitter?.matches('[data-once]') || form.querySelector('[name=dance]:checked')) return
    event.preventDefault()
    problem.textContent = problem.dataset.problem
    const first = form.querySelector('[name=dance]')
    first.focus({ preventScroll: true })
    first.closest('.dance-card').scrollIntoView({ block: 'center', behavior: 'smooth' })
  })
  form.addEventListener('change', ({ target }) => {
    if (!['dance', 'format', 'x', 'y'].includes(target.name)) return
    describeChoice()
    document.getElementById('framing').dispatchEvent(new CustomEvent('framed'))
  })

  const surprise = document.querySelector('[data-surprise]')
  surprise.hidden = false
  surprise.addEventListener('click', () => {
    const others = [...form.querySelectorAll('[name=dance]:not(:checked)')]
    const radio = others[Math.floor(Math.random() * others.length)]
    radio.checked = true
    radio.dispatchEvent(new Event('change', { bubbles: true }))
    radio.focus({ preventScroll: true })
    radio.closest('.dance-card').scrollIntoView({ block: 'center', behavior: 'smooth' })
  })

  document.addEventListener('htmx:after:swap', () => {
    leaveScrolling()
    fitSliders()
  })
  addEventListener('pageshow', () => {
    leaveScrolling()
    fitSliders()
    describeFocus()
    describeChoice()
  })

  form.addEventListener('pointerdown', event => {
    const frame = event.target.closest('[data-frame]')
    if (!frame?.dataset.axes || event.button) return
    event.preventDefault()
    const share = kept(frame)
    const from = { x: event.clientX, y: event.clientY }
    const start = { x: within(Number(sliders.x.value), share.x), y: within(Number(sliders.y.value), share.y) }
    const screen = frame.querySelector('.stage-box')
    const size = { x: screen.clientWidth, y: screen.clientHeight }
    frame.setPointerCapture(event.pointerId)
    // On the form: a preview that arrives now morphs the frame, and its classes with it.
    form.classList.add('moving-photo')

    const move = now => {
      for (const axis of ['x', 'y']) {
        const by = (now[axis === 'x' ? 'clientX' : 'clientY'] - from[axis]) / size[axis] * share[axis]
        sliders[axis].value = within(start[axis] - by, share[axis])
      }
      describeFocus()
      sketch()
    }
    const end = () => {
      form.classList.remove('moving-photo')
      frame.removeEventListener('pointermove', move)
      sliders.x.dispatchEvent(new Event('change', { bubbles: true }))
    }
    frame.addEventListener('pointermove', move)
    frame.addEventListener('lostpointercapture', end, { once: true })
  })

  // A new photo is cut out in the background. Poll for the sticker, then show it on the cards.
  // After a change of the head, poll again. The number makes the browser load the new image.
  let changes = 0
  async function takeSticker (dances, pause, change = changes) {
    if (change !== changes) return
    // A sticker in a bucket is behind a redirect, which the image element follows.
    const url = dances.dataset.newSticker
    const response = await fetch(url, { redirect: 'manual' })
    if (response.status === 200 || response.type === 'opaqueredirect') {
      const sticker = new Image()
      sticker.src = change ? `${url}?${change}` : url
      await sticker.decode()
      if (change !== changes) return
      if (sticker.naturalWidth > 1.6 * sticker.naturalHeight) {
        // As a print, a very wide photo would be a thin strip, so keep the existing square thumbnail. The notes tell.
        const { dataset } = document.getElementById('notes')
        if (dataset.hxGet) return setTimeout(takeSticker, pause, dances, pause, change)
        if (!('asSticker' in dataset)) return
      }
      for (const pet of dances.querySelectorAll('.pet > .dancer')) {
        pet.src = sticker.src
        pet.classList.remove('print')
      }
    } else if (pause < 60000) setTimeout(takeSticker, pause, dances, pause * 1.5, change)
  }
  const unprepared = form.querySelector('[data-sticker]')
  if (unprepared) setTimeout(takeSticker, 1000, unprepared, 1000)

  form.addEventListener('pet:changed', () => {
    changes += 1
    takeSticker(form.querySelector('[data-new-sticker]'), 1000)
  })

  form.addEventListener('input', event => {
    if (event.target !== sliders.x && event.target !== sliders.y) return
    describeFocus()
    sketch()
  })
})()
