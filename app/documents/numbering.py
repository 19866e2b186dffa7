"""Document numbers: 「心转〔2026〕第003号」, one series per prefix and school year, none given twice."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.record import NumberSeries


def next_number(session: Session, prefix: str, school_year: int) -> str:
    """Take the next number of a series, inside the caller's write: if that fails, the number was not taken.

    ``prefix`` is the series' words (心转), ``school_year`` the year it begins in. The numbers of voided and destroyed
    documents are not given again (domain.md 2, 编号规则).
    """
    where = (NumberSeries.prefix == prefix, NumberSeries.school_year == school_year)
    series = session.scalars(select(NumberSeries).where(*where)).one_or_none()
    if series is None:
        series = NumberSeries(prefix=prefix, school_year=school_year)
        session.add(series)
    series.last = (series.last or 0) + 1
    return f"{prefix}〔{school_year}〕第{series.last:03d}号"
