"""Alembic's environment: runs the revisions on the connection that the vault hands over, inside the vault's transaction."""

from alembic import context


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """The full-text index makes tables of its own; they are not records."""
    return not (kind == "table" and (name or "").startswith("search_") and name != "search_entry")


def run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        include_object=_ours,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
