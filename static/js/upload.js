// Enhances the upload form: choosing a photo sends it, and so do drag and drop, paste and the camera. Without this, a plain
// form with a button remains.
(() => {
  const form = document.querySelector('[data-upload]')
  const find = name => form.querySelector(`[data-${name}]`)
  const words = form.querySelector('[data-words]').dataset
  const input = form.querySelector('input[type=file]')
  const [drop, title, hint, problem, progress, send, camera] =
    ['drop', 'drop-title', 'drop-hint', 'problem', 'progress', 'send', 'camera'].map(find)
  const preview = new Image()
  preview.className = 'drop-preview'
  preview.alt = words.chosen
  form.classList.add('whole')
  const limit = Number(form.dataset.limit)
  const allowed = hint.textContent
  let [invitation, offer] = [title.textContent, allowed]
  let request

  function complain (message) {
    problem.textContent = message
    drop.classList.toggle('wrong', Boolean(message))
  }

  // Browsers without HEIC support give it no type, and files without an extension have none. The server checks the content.
  const isPhoto = ({ name, type }) => /^image\/(jpeg|png|webp|hei[cf]|avif)$/.test(type) || /\.(hei[cf]|avif)$/i.test(name) || !(type || name.includes('.'))

  // Shorten the name but keep its end, which differs between photos from the same camera.
  const short = name => name.length > 28 ? `${name.slice(0, 14)}…${name.slice(-12)}` : name

  // Show the chosen photo, or why it can't be used. Return whether it may be sent.
  function show () {
    const [file] = input.files
    const wrong = !file ? '' : !isPhoto(file) ? words.notAPhoto : file.size > limit ? words.tooLarge : ''
    if (wrong) input.value = ''
    complain(wrong)
    send.hidden = true
    URL.revokeObjectURL(preview.src)
    drop.classList.remove('chosen')
    preview.remove()
    if (!file || wrong) {
      title.textContent = invitation
      hint.textContent = offer
      return false
    }
    title.textContent = short(file.name)
    hint.textContent = words.change
    preview.src = URL.createObjectURL(file)
    return true
  }

  // Few browsers display HEIC. The others show only the file name until the upload is complete.
  preview.addEventListener('load', () => {
    title.closest('label').prepend(preview)
    drop.classList.add('chosen')
  })

  function take (files) {
    const photo = [...files].find(isPhoto)
    if (!photo) return complain(words.notAPhoto)
    const chosen = new DataTransfer()
    chosen.items.add(photo)
    input.files = chosen.files
    choose()
  }

  function busy (on) {
    progress.hidden = !on
    progress.value = 0
    on ? send.setAttribute('aria-busy', 'true') : send.removeAttribute('aria-busy')
    send.textContent = on ? words.uploading : words.again
    send.hidden = !on && !input.files.length
    camera.disabled = on
  }

  function handleResponse () {
    if (request.status < 400) return location.assign(request.responseURL)
    // Sending the same file again would not help.
    if (request.status === 400 || request.status === 413) input.value = ''
    show()
    busy(false)
    const page = new DOMParser().parseFromString(request.responseText, 'text/html')
    const message = page.querySelector('[data-problem]') || page.querySelector('.error-page .lead')
    complain(message?.textContent.trim() || words.failed)
  }

  function upload () {
    complain('')
    busy(true)
    request = new XMLHttpRequest()
    request.open('POST', form.action)
    request.upload.addEventListener('progress', step => { progress.value = 100 * step.loaded / step.total })
    request.upload.addEventListener('load', () => { send.textContent = words.checking })
    request.addEventListener('load', handleResponse)
    request.addEventListener('error', () => {
      busy(false)
      complain(words.noConnection)
    })
    request.send(new FormData(form))
  }

  // Another photo replaces one that is still on its way.
  function choose () {
    request?.abort()
    const mayBeSent = show()
    busy(false)
    if (mayBeSent) upload()
  }

  // After an error, the button sends the photo again.
  form.addEventListener('submit', event => {
    event.preventDefault()
    if (!input.files.length) {
      complain(words.required)
      input.focus()
    } else if (send.getAttribute('aria-busy') !== 'true') upload()
  })
  // Enter opens the picker, as on a button.
  input.addEventListener('keydown', event => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    input.click()
  })

  input.addEventListener('change', choose)
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
    [invitation, offer] = [words.drop, words.dropHint.replace('{allowed}', allowed)]
    title.textContent = invitation
    hint.textContent = offer
  }
  busy(false)
  // The browser may restore the form after a reload, or the whole page from its back/forward cache.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted && request) return
    form.reset()
    show()
    busy(false)
  })
})()
