// The preview of the chosen dance comes on its own, one at a time. Without this, each card has a button for it.
(() => {
  const form = document.querySelector('[data-picker]')
  const problem = form.querySelector('[data-problem]')
  const still = matchMedia('(prefers-reduced-motion: reduce)')
  // Milliseconds after the last change of the choice, and until the next try while another preview is being made.
  const [SETTLED, BUSY] = [600, 2500]
  let timer = 0
  // The button that was pressed for the visitor, and what it was pressed for.
  let pressed = null
  let asked = ''
  // After a refusal, only the visitor asks. Those who save data ask themselves as well.
  let isOn = 'previews' in form.dataset && !navigator.connection?.saveData
  form.toggleAttribute('data-auto', isOn)

  const chosen = () => form.querySelector('[name=dance]:checked')?.closest('.dance-card')
  const isPrepared = () => !document.getElementById('notes').dataset.hxGet

  function choice () {
    const values = new FormData(form)
    return ['dance', 'format', 'x', 'y', 'style_was', 'body_was'].map(name => values.get(name)).join(' ')
  }

  function askLater () {
    clearTimeout(timer)
    timer = setTimeout(ask, choice() === asked ? BUSY : SETTLED)
  }

  function ask () {
    const button = chosen()?.querySelector('button.see:not(.gone)')
    if (!button || !isOn || document.hidden || !isPrepared() || 'saving' in form.dataset) return
    pressed = button
    asked = choice()
    button.dispatchEvent(new CustomEvent('auto'))
  }

  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    if (ctx.sourceElement === pressed) ctx.request.body.set('auto', '')
  })

  // The button that has the focus is replaced by the preview. The card keeps the focus.
  let left = null
  document.addEventListener('htmx:before:swap', () => {
    left = document.activeElement?.closest('.see') && document.activeElement.closest('.dance-card')
  })
  document.addEventListener('htmx:after:swap', () => {
    if (left && document.activeElement === document.body) left.querySelector('[name=dance]').focus({ preventScroll: true })
    left = null
    pause()
    askLater()
  })

  // If a preview is refused, the error page's lead sentence gives the reason; show it to those who have asked for it.
  document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
    // The panel of the head shows its own.
    if (ctx.sourceElement.closest('#head')) return
    if (ctx.sourceElement === pressed) {
      isOn = false
      return form.removeAttribute('data-auto')
    }
    const page = new DOMParser().parseFromString(ctx.text, 'text/html')
    problem.textContent = page.querySelector('.error-page .lead')?.textContent || ''
  })

  // With reduced motion, previews show their first frame only.
  function pause () {
    if (!still.matches) return
    for (const clip of form.querySelectorAll('video')) {
      clip.autoplay = false
      clip.pause()
    }
  }

  form.addEventListener('change', askLater)
  document.addEventListener('visibilitychange', askLater)
  addEventListener('pageshow', () => {
    pause()
    askLater()
  })
})()
