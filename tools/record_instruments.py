"""Record the studio's instruments: ``python -m tools.record_instruments FluidR3_GM.sf2``.

Every note and stroke of ``videos/studio/audio/samples`` is played by the soundfont, trimmed, brought to one level and
written as FLAC. The soundfont is in Debian's package ``fluid-soundfont-gm`` (MIT). The player is ``tinysoundfont``
0.3.7 (MIT), installed with ``pip install --no-deps tinysoundfont``; nothing else needs it.
"""

import sys
from pathlib import Path

import av
import numpy as np
import tinysoundfont

from videos.studio.audio.recordings import FOLDER, RATE, STROKES, VOICES, Voice

DRUM_BANK = 128
# Recordings begin this long (s) before the sound reaches a share of its peak in the first quarter of a second: bowed
# notes later in their attack, so that they are on the beat.
LEAD_IN = 0.004
ATTACK, BOWED_ATTACK = 0.25, 0.6
BOWED = {"strings", "violin", "flute"}
# The root mean square of the loudest 0.1 s. Peaks stay below full scale for every voice.
LEVEL = 0.16
BIT_RATE = 96_000
FADE = 0.04


def main(soundfont: Path) -> None:
    player = Player(soundfont)
    for folder in ("voices", "strokes"):
        (FOLDER / folder).mkdir(exist_ok=True)
    for name, voice in VOICES.items():
        write(
            FOLDER / "voices" / f"{name}.m4a",
            np.concatenate(player.notes(voice, BOWED_ATTACK if name in BOWED else ATTACK)),
            "aac",
            BIT_RATE,
        )
    for name, stroke in STROKES.items():
        played = player.played(DRUM_BANK, stroke.kit, stroke.key, stroke.velocity, stroke.seconds, stroke.seconds)
        write(FOLDER / "strokes" / f"{name}.flac", played * (0.9 / np.abs(played).max()), "flac")


class Player:
    """The soundfont, played one note at a time."""

    def __init__(self, soundfont: Path) -> None:
        self._synth = tinysoundfont.Synth(gain=0, samplerate=RATE)
        self._font = self._synth.sfload(str(soundfont))

    def notes(self, voice: Voice, attack: float) -> list[np.ndarray]:
        """Return the notes of a voice, all equally loud."""
        held = voice.seconds if voice.sustained else voice.seconds - 0.1
        keys = range(voice.lowest, voice.lowest + voice.count * voice.step, voice.step)
        played = [
            self.played(voice.bank, voice.program, key, voice.velocity, held, voice.seconds, attack) for key in keys
        ]
        return [_levelled(note) for note in played]

    def played(
        self, bank: int, program: int, key: int, velocity: int, held: float, seconds: float, attack: float = ATTACK
    ) -> np.ndarray:
        """Return one note (mono float32), ``seconds`` long, from its attack on."""
        self._synth.program_select(0, self._font, bank, program, bank == DRUM_BANK)
        self._synth.noteon(0, key, velocity)
        sound = [self._generated(held + 0.3)]
        self._synth.noteoff(0, key)
        sound.append(self._generated(0.5))
        self._synth.sounds_off(0)
        self._generated(1.0)
        return _trimmed(np.concatenate(sound), round(seconds * RATE), attack)

    def _generated(self, seconds: float) -> np.ndarray:
        block = np.frombuffer(bytes(self._synth.generate(round(seconds * RATE))), np.float32)
        return block.reshape(-1, 2).mean(axis=1)


def _trimmed(sound: np.ndarray, samples: int, share: float) -> np.ndarray:
    """Return ``samples`` from shortly before the attack on, faded out."""
    envelope = np.abs(sound)
    attack = int(np.argmax(envelope > share * envelope[: RATE // 4].max()))
    start = max(0, attack - round(LEAD_IN * RATE))
    kept = np.zeros(samples, np.float32)
    part = sound[start : start + samples]
    kept[: len(part)] = part
    rise, fall = round(LEAD_IN * RATE), round(FADE * RATE)
    kept[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    kept[-fall:] *= np.linspace(1, 0, fall, dtype=np.float32)
    return kept


def _levelled(note: np.ndarray) -> np.ndarray:
    blocks = note[: len(note) // 3200 * 3200].reshape(-1, 3200)
    loudest = np.sqrt((blocks**2).mean(axis=1)).max()
    return note * np.float32(min(LEVEL / loudest, 0.95 / np.abs(note).max()))


def write(path: Path, sound: np.ndarray, codec: str, bit_rate: int = 0) -> None:
    """Write mono sound. Strokes are FLAC, because AAC smears a sharp attack; notes are AAC, a third of the size."""
    kind = np.int16 if codec == "flac" else np.float32
    clipped = np.clip(sound, -1, 1)
    samples = (np.round(clipped * 32767) if codec == "flac" else clipped).astype(kind)[None]
    with av.open(str(path), "w", options={"metadata_header_padding": "0"}) as container:
        stream = container.add_stream(codec, rate=RATE, layout="mono")
        if bit_rate:
            stream.bit_rate = bit_rate
        for start in range(0, samples.shape[1], 1024):
            block = np.ascontiguousarray(samples[:, start : start + 1024])
            frame = av.AudioFrame.from_ndarray(block, "s16" if codec == "flac" else "fltp", "mono")
            frame.sample_rate, frame.pts = RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
