// Shares a video: the file itself where the browser can, or else its private link, which is created on the first tap.
// A box with `data-copied` holds a secret, such as an API token, which is only copied.
(() => {
  const files = new Map()

  // The share sheet opens only right after a tap, so the file is fetched before: once the page is idle.
  function prefetch (box) {
    const { shareFile, shareName } = box.dataset
    if (!navigator.canShare?.({ files: [new File([''], shareName, { type: 'video/mp4' })] })) return
    if (!files.has(shareFile)) {
      files.set(shareFile, null)
      fetch(shareFile)
        .then(response => response.ok ? response.blob() : Promise.reject(new Error(response.status)))
        .then(blob => files.set(shareFile, new File([blob], shareName, { type: 'video/mp4' })))
        .catch(() => files.delete(shareFile))
    }
  }

  // Returns the box and its private link, which is created if there is none. The box on a video's page is replaced then.
  async function linked (box) {
    const input = box.querySelector('input[readonly]')
    if (input) return [box, input.value]
    if (!box.dataset.shareUrl) {
      const token = document.querySelector('[name=csrfmiddlewaretoken]').value
      const response = await fetch(box.dataset.shareLink, {
        method: 'POST',
        headers: { 'HX-Request': 'true', 'X-CSRFToken': token },
        body: new URLSearchParams({ share: 'on' }),
      })
      if (!response.ok) throw new Error(response.status)
      const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('[data-share]')
      fresh.dataset.shareUrl = box.dataset.shareUrl = fresh.querySelector('input[readonly]').value
      if (box.matches('section')) {
        box.replaceWith(fresh)
        readyAll()
        return [fresh, fresh.dataset.shareUrl]
      }
    }
    return [box, box.dataset.shareUrl]
  }

  const words = () => document.querySelector('[data-share-words]').dataset

  function tell (box, text) {
    box.querySelector('[data-share-status]').textContent = text
  }

  async function copy (box) {
    const [shown, text] = await linked(box)
    try {
      await navigator.clipboard.writeText(text)
      tell(shown, box.dataset.copied || words().copied)
    } catch {
      const input = shown.querySelector('input[readonly]')
      input?.select()
      tell(shown, input ? words().selected : text)
    }
  }

  async function share (box) {
    const title = box.dataset.shareTitle
    const file = files.get(box.dataset.shareFile)
    if (file) return navigator.share({ title, files: [file] })
    if (navigator.share && !box.dataset.copied) return navigator.share({ title, url: (await linked(box))[1] })
    return copy(box)
  }

  async function open (box, address) {
    const link = encodeURIComponent((await linked(box))[1])
    location.assign(address.replace('{link}', link).replace('{title}', encodeURIComponent(box.dataset.shareTitle)))
  }

  const ACTIONS = {
    shareNow: share,
    shareCopy: copy,
    shareTo: (box, button) => open(box, button.dataset.shareTo),
  }

  document.addEventListener('click', async event => {
    const button = event.target.closest('[data-share-now], [data-share-copy], [data-share-to]')
    const box = button?.closest('[data-share]')
    if (!box) return
    event.preventDefault()
    const [name] = Object.keys(ACTIONS).filter(action => action in button.dataset)
    try {
      await ACTIONS[name](box, button)
    } catch (error) {
      if (error.name !== 'AbortError') tell(box, words().failed)
    }
  })
  document.addEventListener('focusin', event => event.target.closest('[data-share] input[readonly]')?.select())

  function readyAll () {
    for (const box of document.querySelectorAll('[data-share]')) {
      for (const button of box.querySelectorAll('[data-share-now], [data-share-copy], [data-share-to]')) button.hidden = false
      if (box.dataset.shareFile && !box.closest('[popover]')) setTimeout(() => prefetch(box), 1000)
    }
  }

  // The file of a tile is fetched when its menu opens.
  document.addEventListener('toggle', event => {
    const box = event.newState === 'open' && event.target.querySelector('[data-share-file]')
    if (box) prefetch(box)
  }, true)
  document.addEventListener('htmx:after:swap', readyAll)
  readyAll()
})()
