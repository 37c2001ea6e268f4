"""Render a clip, or a contact sheet of all dances, from a photo on disk. It needs no account and no database."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from videos import dances, formats, photos
from videos.models import DEFAULT_SECONDS, new_seed
from videos.photos.head import Head, InvalidHead
from videos.styles import Body, Style
from videos.subject import Subject

PROGRESS_WIDTH = 30
SHEET_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}


class Command(BaseCommand):
    help = "Render a clip: render_clip PHOTO --dance disco --out clip.mp4, or --all for a sheet of all dances."
    all_dances = dances.DANCES

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("photo", type=Path, nargs="?", help="JPEG, PNG, WebP, HEIC or AVIF.")
        parser.add_argument("--dance", choices=list(dances.BY_SLUG), default="disco")
        parser.add_argument(
            "--format", choices=list(formats.BY_SLUG), help="Default: the format that suits the photo best."
        )
        parser.add_argument("--seconds", type=int, choices=(5, 10), default=DEFAULT_SECONDS)
        parser.add_argument("--seed", type=int, help="The same seed gives the same clip. Default: random.")
        parser.add_argument(
            "--style",
            choices=[style.value for style in Style],
            help="Default: the dancer if the pet's head is sure, otherwise the whole pet.",
        )
        parser.add_argument(
            "--body", choices=[body.value for body in Body], help="The dancer's build. Default: the studio chooses."
        )
        parser.add_argument(
            "--head",
            type=float,
            nargs="+",
            metavar="NUMBER",
            help="The head's oval as shares of the photo: X Y RX RY and, if it is tilted, degrees. Default: found.",
        )
        parser.add_argument(
            "--print", action="store_true", dest="as_print", help="Use the photo as a print of the whole pet."
        )
        parser.add_argument(
            "--all", action="store_true", help="Render a contact sheet of all dances instead of a clip."
        )
        parser.add_argument(
            "--silhouette",
            action="store_true",
            help="Draw the dance as a strip of black figures instead, without the photo.",
        )
        parser.add_argument(
            "--out", type=Path, help="Default: clip.mp4, or sheet.png with --all (.jpg and .webp work too)."
        )

    def handle(self, *, photo: Path | None, **options: Any) -> None:
        is_picture = options["all"] or options["silhouette"]
        out = options["out"] or Path("sheet.png" if is_picture else "clip.mp4")
        if is_picture and out.suffix.lower() not in SHEET_SUFFIXES:
            raise CommandError(f"Cannot write {out}: the name of a sheet must end with .png, .jpg or .webp.")
        if not is_picture and out.suffix.lower() != ".mp4":
            raise CommandError(f"Cannot write {out}: the name of a clip must end with .mp4.")
        if not out.parent.is_dir():
            raise CommandError(f"Cannot write {out}: the folder {out.parent} does not exist.")
        if options["silhouette"]:
            self.write_silhouettes(out, options)
            return
        if photo is None:
            raise CommandError("Name the photo to render: render_clip PHOTO.")
        try:
            picture = photos.normalise(photo.read_bytes())
        except OSError as error:
            raise CommandError(f"Cannot read {photo}: {error.strerror}.") from error
        except photos.InvalidPhoto as error:
            raise CommandError(str(error)) from error
        shape = formats.BY_SLUG.get(options["format"]) or formats.best_format(picture.width, picture.height)
        subject = with_look(prepare_subject(picture, shape, given_head(options["head"])), options)
        seed = new_seed() if options["seed"] is None else options["seed"]
        write = self.write_sheet if options["all"] else self.write_clip
        try:
            write(subject, shape=shape, seed=seed, out=out, options=options)
        except OSError as error:
            raise CommandError(f"Cannot write {out}: {error.strerror}.") from error
        self.stdout.write(f"{out} ({out.stat().st_size / 1e6:.1f} MB)")

    def write_clip(self, subject: Subject, *, shape: formats.Format, seed: int, out: Path, options: Any) -> None:
        from videos.studio.render import render

        render(
            subject,
            dance=dances.BY_SLUG[options["dance"]],
            shape=shape,
            seconds=options["seconds"],
            seed=seed,
            into=out,
            report=self.report,
        )

    def write_sheet(self, subject: Subject, *, shape: formats.Format, seed: int, out: Path, options: Any) -> None:
        from videos.studio.contact_sheet import sheet

        picture = sheet(
            subject,
            dances=self.all_dances,
            shape=shape,
            seed=seed,
            bars=2,
            report=self.report,
            kind=out.suffix.lower(),
        )
        out.write_bytes(picture)

    def write_silhouettes(self, out: Path, options: Any) -> None:
        """Draw sixteen moments of the dance, or of every dance, as black figures."""
        from videos.studio.contact_sheet import silhouettes

        chosen = self.all_dances if options["all"] else [dances.BY_SLUG[options["dance"]]]
        try:
            out.write_bytes(silhouettes(chosen, seconds=options["seconds"], kind=out.suffix.lower()))
        except OSError as error:
            raise CommandError(f"Cannot write {out}: {error.strerror}.") from error
        self.stdout.write(f"{out} ({out.stat().st_size / 1e6:.1f} MB)")

    def report(self, progress: float) -> None:
        """Show a progress bar in a terminal."""
        if not self.stderr.isatty():
            return
        filled = round(progress * PROGRESS_WIDTH)
        end = "\n" if progress >= 1 else "\r"
        self.stderr.write(f"[{'#' * filled}{'.' * (PROGRESS_WIDTH - filled)}] {progress:4.0%}", ending=end)


def given_head(numbers: list[float] | None) -> Head | None:
    """Return the head that ``--head`` describes, if any. Raises CommandError."""
    if numbers is None:
        return None
    if len(numbers) not in (4, 5):
        raise CommandError("--head takes X Y RX RY, and the tilt in degrees if there is one.")
    try:
        return Head(*numbers)
    except InvalidHead as error:
        raise CommandError(f"Cannot use --head: {error}") from error


def prepare_subject(picture: photos.Normalised, shape: formats.Format, given: Head | None = None) -> Subject:
    """Return the photo as the worker would prepare it, with the given head or one that is sure."""
    from videos.studio.segmentation.cutout import cut_out
    from videos.studio.segmentation.pet_side import pet_side

    cutout, focus = cut_out(picture.jpeg), photos.Focus()
    head = given or next((found.head for found in cutout.heads or () if found.is_sure), None)
    pet = cutout.pet_mask(focus, head)
    subject = partial(Subject, head=head, faces=cutout.faces, original=(picture.jpeg, pet))
    if cutout.mask is None or pet is None:
        frame = photos.exact_frame(pet_side(picture.jpeg, cutout.faces, head), shape, focus)
        return subject(frame, cutout=False)
    frame = photos.exact_frame(picture.jpeg, shape, focus)
    mask = photos.crop_mask(cutout.mask, picture.width, picture.height, shape, focus)
    return subject(frame, mask, (picture.jpeg, pet), cutout=cutout.advised)


def with_look(subject: Subject, options: dict[str, Any]) -> Subject:
    """Return the pet as it is asked to dance. Raises CommandError for a dancer without a head."""
    default = Style.DANCER if subject.head and not options["as_print"] else Style.WHOLE_PET
    style = Style(options["style"] or default)
    if style is Style.DANCER and subject.head is None:
        raise CommandError("No head was found for sure in this photo, so there is no dancer. Use another photo.")
    body = Body(options["body"]) if options["body"] else None
    return replace(subject, style=style, body=body, cutout=subject.cutout and not options["as_print"])
