// The chips under the floor change what the whole troupe dances, and how fast.
(() => {
  const stage = document.querySelector('[data-stage]')
  const decks = document.querySelector('[data-decks]')
  decks.hidden = false
  decks.addEventListener('click', event => {
    const chip = event.target.closest('[data-dance]')
    if (!chip) return
    for (const other of decks.querySelectorAll('[data-dance]')) other.setAttribute('aria-pressed', String(other === chip))
    stage.dataset.bpm = chip.dataset.bpm
    for (const mascot of stage.querySelectorAll('.mascot')) mascot.className = `mascot dance-${chip.dataset.dance}`
  })
})()
