// The oval around the pet's head: drag it, pinch and twist it, use its handles or the keyboard. `form.oval` is for head.js.
(() => {
  const form = document.querySelector('[data-picker]')
  const words = document.querySelector('[data-words]').dataset
  const panel = () => document.getElementById('head')
  const find = name => panel().querySelector(`[data-head-${name}]`)
  const slider = name => form.elements[`head-${name}`]
  const NAMES = ['x', 'y', 'rx', 'ry', 'tilt']
  // The limits of `videos.photos.head.Head`.
  const MIN_RADIUS = 0.02
  const MAX_RADIUS = 0.75
  // A little less than 3, since the numbers are rounded when they are sent.
  const MAX_RATIO = 2.98
  // CSS pixels. A finger needs a target of 44.
  const TARGET = 22
  const TAP = 10
  const NEAR = 28
  let head
  let isEmpty
  const pointers = new Map()
  let gesture = null

  function parse (text) {
    const numbers = text.split(' ').map(Number)
    return Object.fromEntries(NAMES.map((name, place) => [name, numbers[place]]))
  }

  const within = (value, low, high) => Math.min(high, Math.max(low, value))

  function clamp ({ x, y, rx, ry, tilt }) {
    rx = within(rx, MIN_RADIUS, MAX_RADIUS)
    ry = radius(ry, rx)
    return { x: within(x, 0, 1), y: within(y, 0, 1), rx, ry, tilt: ((tilt + 180) % 360 + 360) % 360 - 180 }
  }

  // One radius changes as far as the other allows.
  const radius = (value, other) => within(value, Math.max(MIN_RADIUS, other / MAX_RATIO), Math.min(MAX_RADIUS, other * MAX_RATIO))

  // The photo on the screen, in CSS pixels.
  function size () {
    const box = find('layer').getBoundingClientRect()
    return { left: box.left, top: box.top, width: box.width, height: box.height, long: Math.max(box.width, box.height) }
  }

  function turned (degrees, length) {
    const angle = degrees * Math.PI / 180
    return { x: length * Math.cos(angle), y: length * Math.sin(angle) }
  }

  const apart = (first, second) => Math.hypot(first.x - second.x, first.y - second.y)
  const centreOf = box => ({ x: head.x * box.width, y: head.y * box.height })

  // Each handle is outside the oval, or at the photo's edge if it would be beyond. The turn is opposite to the height.
  function places (box) {
    const centre = centreOf(box)
    const reach = (share, least, gap) => Math.max(share * box.long + gap, least)
    const at = (degrees, length) => {
      const by = turned(head.tilt + degrees, length)
      const wanted = { x: centre.x + by.x, y: centre.y + by.y }
      const shown = { x: within(wanted.x, TARGET, box.width - TARGET), y: within(wanted.y, TARGET, box.height - TARGET) }
      return { ...shown, off: apart(shown, wanted) }
    }
    const better = (first, second) => second.off < first.off ? second : first
    const width = reach(head.rx, 2 * TARGET, 12)
    const height = reach(head.ry, 2 * TARGET, 12)
    const turn = reach(head.ry, 2 * TARGET, 26)
    const [up, down] = [at(-90, turn), at(90, turn)]
    const isUp = up.off <= down.off
    return { rx: better(at(0, width), at(180, width)), ry: at(isUp ? 90 : -90, height), tilt: isUp ? up : down }
  }

  function draw () {
    const box = size()
    const [width, height] = find('layer').getAttribute('viewBox').split(' ').slice(2).map(Number)
    const long = Math.max(width, height)
    find('stage').classList.toggle('is-empty', isEmpty)
    const oval = panel().querySelector('.head-oval')
    oval.style.transform = `translate(${head.x * width}px, ${head.y * height}px) rotate(${head.tilt}deg)`
    for (const ellipse of oval.children) {
      const least = ellipse.matches('.hit') && box.long ? TARGET / box.long : 0
      ellipse.style.rx = `${Math.max(head.rx, least) * long}px`
      ellipse.style.ry = `${Math.max(head.ry, least) * long}px`
    }
    if (!box.width) return
    const unit = width / box.width
    const shown = []
    for (const [name, place] of Object.entries(places(box))) {
      const handle = panel().querySelector(`[data-handle=${name}]`)
      const turn = name === 'tilt' ? 0 : head.tilt
      handle.style.transform = `translate(${place.x * unit}px, ${place.y * unit}px) scale(${unit}) rotate(${turn}deg)`
      // In a small photo, a handle must not cover the oval or another handle.
      const covers = shown.some(other => apart(place, other) < 2 * TARGET - 2) || (place.off && apart(place, centreOf(box)) < 2 * TARGET - 2 && Math.min(head.rx, head.ry) * box.long < 3 * TARGET)
      handle.style.display = covers ? 'none' : ''
      if (!covers) shown.push(place)
    }
  }

  const { lang } = document.documentElement
  const percents = new Intl.NumberFormat(lang, { style: 'percent' })
  const degrees = new Intl.NumberFormat(lang, { style: 'unit', unit: 'degree', unitDisplay: 'long', maximumFractionDigits: 0 })
  const percent = share => percents.format(share)

  function fillSliders () {
    for (const name of NAMES) {
      // Finer than without this script, so that a dragged oval stays where it is.
      if (name !== 'tilt') slider(name).step = 0.001
      slider(name).value = head[name]
    }
    describe()
  }

  function describe () {
    const x = words.fromLeft.replace('{percent}', percent(head.x))
    const y = words.fromTop.replace('{percent}', percent(head.y))
    const texts = { x, y, rx: percent(2 * head.rx), ry: percent(2 * head.ry), tilt: degrees.format(Math.round(head.tilt) + 0) }
    for (const name of NAMES) slider(name).setAttribute('aria-valuetext', texts[name])
  }

  function change (changed) {
    head = clamp({ ...head, ...changed })
    isEmpty = false
    fillSliders()
    draw()
  }

  // After a change; `more` steps may follow soon.
  const tell = (text, more = false) => form.dispatchEvent(new CustomEvent('oval:changed', { detail: { text, more } }))

  // The heads that were found beside the current one.
  function others () {
    return [...panel().querySelectorAll('[data-other]')].map(button => ({ button, head: parse(button.dataset.other) }))
  }

  function moveTo (event) {
    const box = size()
    const at = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height }
    for (const { head: other } of others()) {
      const far = Math.hypot((at.x - other.x) * box.width, (at.y - other.y) * box.height)
      if (far < Math.max(other.rx, other.ry) * box.long + NEAR) {
        change(other)
        return tell(words.movedToOther)
      }
    }
    change(at)
    tell(words.moved)
  }

  const DONE = { oval: words.moved, pinch: words.resized, rx: words.wider, ry: words.taller, tilt: words.tilted }

  // What the fingers do is measured from here.
  function begin (kind) {
    const points = [...pointers.values()]
    gesture = { kind, start: { ...head }, isMoved: gesture?.isMoved || false, points: points.map(point => ({ ...point })) }
  }

  function between ([first, second]) {
    return {
      x: (first.x + second.x) / 2,
      y: (first.y + second.y) / 2,
      far: Math.hypot(second.x - first.x, second.y - first.y),
      angle: Math.atan2(second.y - first.y, second.x - first.x) * 180 / Math.PI,
    }
  }

  function follow () {
    const box = size()
    const { kind, start, points } = gesture
    const now = [...pointers.values()]
    if (kind === 'pinch') {
      const [from, to] = [between(points), between(now)]
      const low = MIN_RADIUS / Math.min(start.rx, start.ry)
      const high = MAX_RADIUS / Math.max(start.rx, start.ry)
      const times = within(to.far / Math.max(from.far, 1), low, high)
      return change({ x: start.x + (to.x - from.x) / box.width, y: start.y + (to.y - from.y) / box.height, rx: start.rx * times, ry: start.ry * times, tilt: start.tilt + to.angle - from.angle })
    }
    const by = { x: now[0].x - points[0].x, y: now[0].y - points[0].y }
    if (kind === 'oval') return change({ x: start.x + by.x / box.width, y: start.y + by.y / box.height })
    const centre = { x: box.left + start.x * box.width, y: box.top + start.y * box.height }
    const from = { x: points[0].x - centre.x, y: points[0].y - centre.y }
    const to = { x: now[0].x - centre.x, y: now[0].y - centre.y }
    if (kind === 'tilt') {
      return change({ tilt: start.tilt + (Math.atan2(to.y, to.x) - Math.atan2(from.y, from.x)) * 180 / Math.PI })
    }
    const axis = turned(start.tilt + (kind === 'rx' ? 0 : 90), 1)
    const side = Math.sign(from.x * axis.x + from.y * axis.y) || 1
    const grown = start[kind] + side * (by.x * axis.x + by.y * axis.y) / box.long
    change({ [kind]: radius(grown, kind === 'rx' ? start.ry : start.rx) })
  }

  form.addEventListener('pointerdown', event => {
    const stage = event.target.closest('[data-head-stage]')
    if (!stage || event.button || event.target.closest('button')) return
    const handle = event.target.closest('[data-handle]')
    const oval = event.target.closest('.head-oval')
    if (pointers.size > 1 || (pointers.size && (handle || !['oval', 'tap'].includes(gesture.kind)))) return
    // A press on the photo itself may become a scroll, a tap or a pinch.
    if (handle || oval || event.pointerType === 'mouse') event.preventDefault()
    if (handle || oval) find('focus').focus({ preventScroll: true })
    stage.setPointerCapture(event.pointerId)
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY })
    begin(pointers.size === 2 ? 'pinch' : handle ? handle.dataset.handle : oval ? 'oval' : 'tap')
    form.classList.add('moving-head')
  })

  form.addEventListener('pointermove', event => {
    const point = pointers.get(event.pointerId)
    if (!point) return
    Object.assign(point, { x: event.clientX, y: event.clientY })
    const [from] = gesture.points
    // A finger that only rests does not move the oval.
    if (!gesture.isMoved && gesture.kind !== 'pinch' && Math.hypot(point.x - from.x, point.y - from.y) < (event.pointerType === 'mouse' ? 2 : 5)) return
    if (gesture.kind === 'tap') {
      gesture.isMoved ||= Math.hypot(point.x - from.x, point.y - from.y) > TAP
      return
    }
    gesture.isMoved = true
    follow()
  })

  function release (event) {
    if (!pointers.delete(event.pointerId)) return
    const ended = gesture
    if (pointers.size) return begin(isEmpty ? 'tap' : 'oval')
    gesture = null
    form.classList.remove('moving-head')
    if (event.type === 'pointercancel' && !ended.isMoved) return
    if (ended.kind === 'tap') {
      if (!ended.isMoved && event.type === 'pointerup') moveTo(event)
    } else if (ended.isMoved) {
      tell(DONE[ended.kind])
    }
  }
  form.addEventListener('pointerup', release)
  form.addEventListener('pointercancel', release)

  const KEYS = {
    ArrowLeft: step => [{ x: head.x - step / 100 }, words.moved],
    ArrowRight: step => [{ x: head.x + step / 100 }, words.moved],
    ArrowUp: step => [{ y: head.y - step / 100 }, words.moved],
    ArrowDown: step => [{ y: head.y + step / 100 }, words.moved],
    '+': step => resized(1 + step / 20),
    '-': step => resized(1 / (1 + step / 20)),
    '[': step => [{ tilt: head.tilt - 2 * step }, words.tilted],
    ']': step => [{ tilt: head.tilt + 2 * step }, words.tilted],
  }
  // With Shift, and on keyboards where + needs no Shift.
  const SAME = { '=': '+', '*': '+', _: '-', '{': '[', '}': ']' }

  function resized (times) {
    times = within(times, MIN_RADIUS / Math.min(head.rx, head.ry), MAX_RADIUS / Math.max(head.rx, head.ry))
    return [{ rx: head.rx * times, ry: head.ry * times }, words.resized]
  }

  form.addEventListener('keydown', event => {
    if (!event.target.matches('[data-head-focus]') || event.ctrlKey || event.metaKey || event.altKey) return
    const key = KEYS[SAME[event.key] || event.key]
    if (!key) return
    event.preventDefault()
    const [changed, text] = key(event.shiftKey && event.key !== '+' ? 5 : 1)
    change(changed)
    tell(text, true)
  })

  form.addEventListener('input', event => {
    const name = event.target.name?.replace('head-', '')
    if (event.target !== slider(name) || !NAMES.includes(name)) return
    const value = Number(event.target.value)
    const fitted = name === 'rx' ? radius(value, head.ry) : name === 'ry' ? radius(value, head.rx) : value
    change({ [name]: fitted })
    tell('', true)
  })

  function show (text, empty) {
    head = parse(text)
    isEmpty = empty
    refresh()
  }

  function refresh () {
    fillSliders()
    draw()
  }

  form.oval = { show, refresh, isHeld: () => Boolean(gesture), get numbers () { return NAMES.map(name => [`head-${name}`, head[name].toFixed(4)]) } }
  show(panel().dataset.oval, !panel().dataset.was)
  new ResizeObserver(draw).observe(find('stage'))
  addEventListener('pageshow', refresh)
  // Its sliders do not change the frame.
  panel().addEventListener('change', event => event.stopPropagation())
})()
