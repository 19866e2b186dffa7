"""The form that opens in place stands in the kit (app/ui/inline.py)."""

from app.ui.inline import InlineForm

__all__ = ["InlineForm"]
