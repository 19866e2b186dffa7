"""The pen: the one place where text, lines and pictures reach a PDF page. It keeps note of characters no face can draw."""

from __future__ import annotations

from io import BytesIO

from reportlab import rl_config
from reportlab.lib.colors import Color
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.documents.fonts import SERIF, face
from app.documents.linebreak import Line, set_line

rl_config.useA85 = 0
"""Streams in bytes, not in ASCII letters: smaller and faster."""

INK = Color(0, 0, 0)
GREY = Color(0.36, 0.39, 0.37)
PALE = Color(0.90, 0.90, 0.89)
GROUND = Color(0.955, 0.96, 0.95)


class Pen:
    """Draws on the present page; points from the lower left corner."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.boxes: dict[str, None] = {}
        """The characters drawn as a box on this page, in order."""

    def put(self, line: Line, x: float, y: float, colour: Color = INK) -> None:
        """Draw a set line with its base line at ``y``; its indent is added to ``x``."""
        text = self.canvas.beginText(x + line.indent, y)
        text.setFillColor(colour)
        for run in line.runs:
            self.boxes.update(dict.fromkeys(c for c in run.text if not run.face.has(c)))
            text.setFont(run.face.fontName, line.size)
            text.setCharSpace(run.spacing)
            text.textOut(run.text)
        text.setCharSpace(0)
        self.canvas.drawText(text)

    def words(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        *,
        face_name: str = SERIF,
        colour: Color = INK,
        stand: float = 0.0,
        room: float | None = None,
    ) -> None:
        """Draw a short text on one line; ``stand`` 0 begins it at ``x``, 0.5 centres it, 1 ends it there.

        It is set smaller where it would be longer than ``room`` points.
        """
        line = set_line(text, face_name, size)
        if room and line.width > room:
            line = set_line(text, face_name, size * room / line.width)
        self.put(line, x - line.width * stand, y, colour)

    def rule(
        self, x1: float, y1: float, x2: float, y2: float, width: float = 0.5, colour: Color = INK, dashed: bool = False
    ) -> None:
        """A straight line."""
        canvas = self.canvas
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(width)
        canvas.setDash(*((3, 2.5) if dashed else ()))
        canvas.line(x1, y1, x2, y2)

    def ground(self, x: float, y: float, width: float, height: float, colour: Color = GROUND) -> None:
        """A filled area without a border."""
        self.canvas.setFillColor(colour)
        self.canvas.rect(x, y, width, height, stroke=0, fill=1)

    def picture(self, image: ImageReader, x: float, y: float, width: float, height: float) -> None:
        """A picture laid over what is there, so that its white paper does not cover the words."""
        self.canvas.saveState()
        self.canvas.setBlendMode("Multiply")
        self.canvas.drawImage(image, x, y, width, height, mask="auto")
        self.canvas.restoreState()


def new_canvas(target: BytesIO, size: tuple[float, float]) -> Canvas:
    """A canvas whose every font is embedded and whose output depends on nothing but what is drawn."""
    face(SERIF)
    return Canvas(
        target, pagesize=size, invariant=1, pageCompression=1, pdfVersion=(1, 7), initialFontName=SERIF, lang="zh-CN"
    )


def fitted(image: ImageReader, width: float, height: float) -> tuple[float, float]:
    """The size at which a picture fits into the room given, its proportions kept."""
    across, down = image.getSize()
    scale: float = min(width / across, height / down)
    return across * scale, down * scale


def reader(data: bytes) -> ImageReader:
    """A picture from memory."""
    return ImageReader(BytesIO(data))
