// The page of a code: keeps the digits of what is typed or pasted, and sends the form with the sixth.
(() => {
  for (const form of document.querySelectorAll('form[data-code]')) {
    const field = form.querySelector('input[name="code"]')
    field.addEventListener('input', () => {
      const digits = field.value.replace(/\D/g, '').slice(0, 6)
      if (digits !== field.value) field.value = digits
      if (digits.length === 6) form.requestSubmit(form.querySelector('[type="submit"]'))
    })
  }

  // "Send a new code" has to wait for a while. The server checks that as well.
  for (const button of document.querySelectorAll('[data-wait]')) {
    const words = button.textContent
    const until = Date.now() + Number(button.dataset.wait) * 1000
    const show = () => {
      const left = Math.ceil((until - Date.now()) / 1000)
      button.disabled = left > 0
      button.textContent = left > 0 ? `${words} (${left} s)` : words
      if (left > 0) setTimeout(show, 1000)
    }
    show()
  }
})()
