// The photo's form: drop, paste, camera, a preview at once, and how far the sending is. Without it a plain form remains.
(() => {
  const form = document.querySelector('[data-upload]')
  const find = name => form.querySelector(`[data-${name}]`)
  const input = form.querySelector('input[type=file]')
  const [drop, title, hint, problem, progress, send, camera] =
    ['drop', 'drop-title', 'drop-hint', 'problem', 'progress', 'send', 'camera'].map(find)
  const preview = new Image()
  preview.className = 'drop-preview'
  preview.alt = 'The photo you chose'
  form.classList.add('whole')
  const limit = Number(form.dataset.limit)
  const allowed = hint.textContent

  function complain (words) {
    problem.textContent = words
    drop.classList.toggle('wrong', Boolean(words))
  }

  function show () {
    const file = input.files[0]
    complain('')
    URL.revokeObjectURL(preview.src)
    drop.classList.toggle('chosen', Boolean(file))
    preview.remove()
    if (!file) {
      title.textContent = 'Choose a photo'
      hint.textContent = allowed
      return
    }
    title.textContent = file.name
    hint.textContent = 'Choose another'
    if (file.size > limit) return complain('That photo is larger than 10 MB. Please choose a smaller one.')
    preview.src = URL.createObjectURL(file)
  }

  // HEIC shows in few browsers: then there is its name, and the server shows it a moment later.
  preview.addEventListener('load', () => { title.closest('label').prepend(preview) })

  function take (files) {
    const photo = [...files].find(file => file.type.startsWith('image/') || /\.hei[cf]$/i.test(file.name))
    if (!photo) return complain('That is not a photo. Please choose a JPEG, PNG, WebP or HEIC file.')
    const chosen = new DataTransfer()
    chosen.items.add(photo)
    input.files = chosen.files
    show()
    send.focus()
  }

  function busy (on) {
    progress.hidden = !on
    progress.value = 0
    on ? send.setAttribute('aria-busy', 'true') : send.removeAttribute('aria-busy')
    send.textContent = on ? 'Sending …' : 'Use this photo'
  }

  function answered (request) {
    if (request.status < 400) return location.assign(request.responseURL)
    busy(false)
    const page = new DOMParser().parseFromString(request.responseText, 'text/html')
    const words = page.querySelector('[data-problem]') || page.querySelector('.oops .lead')
    complain(words?.textContent.trim() || 'The photo did not arrive. Nothing is lost: please try again.')
  }

  form.addEventListener('submit', event => {
    if (!input.files.length) return
    event.preventDefault()
    if (send.getAttribute('aria-busy') === 'true' || input.files[0].size > limit) return
    complain('')
    busy(true)
    const request = new XMLHttpRequest()
    request.open('POST', form.action)
    request.upload.addEventListener('progress', step => { progress.value = 100 * step.loaded / step.total })
    request.upload.addEventListener('load', () => { send.textContent = 'Looking at it …' })
    request.addEventListener('load', () => answered(request))
    request.addEventListener('error', () => {
      busy(false)
      complain('The photo did not arrive: the line seems to be down. Please try again.')
    })
    request.send(new FormData(form))
  })

  input.addEventListener('change', show)
  drop.addEventListener('dragover', event => {
    event.preventDefault()
    drop.classList.add('over')
  })
  drop.addEventListener('dragleave', event => { if (!drop.contains(event.relatedTarget)) drop.classList.remove('over') })
  drop.addEventListener('drop', event => {
    event.preventDefault()
    drop.classList.remove('over')
    take(event.dataTransfer.files)
  })
  document.addEventListener('paste', event => { if (event.clipboardData.files.length) take(event.clipboardData.files) })

  if (matchMedia('(pointer: coarse)').matches) {
    camera.hidden = false
    camera.addEventListener('click', () => {
      input.setAttribute('capture', 'environment')
      input.click()
      input.removeAttribute('capture')
    })
  } else {
    title.textContent = 'Drop a photo here'
    hint.textContent = `or click to choose, or paste one. ${allowed}`
  }
  addEventListener('pageshow', () => busy(false))
})()
