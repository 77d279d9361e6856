import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from app.core.migrate import alembic_config, migrate, newest_revision


def tables(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def test_the_models_and_the_migrated_schema_agree(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        command.check(alembic_config(connection))


def test_every_migration_can_be_taken_back_and_run_again(engine: sa.Engine) -> None:
    before = tables(engine)
    with engine.connect() as connection:
        command.downgrade(alembic_config(connection), "base")
        connection.commit()
        kinds = connection.execute(
            sa.text("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
        )
        assert kinds.all() == []
    assert tables(engine) == {"alembic_version"}
    migrate(engine)
    assert tables(engine) == before


def test_a_new_database_is_in_its_first_epoch(engine: sa.Engine) -> None:
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT epoch FROM deployment")).all() == [(1,)]


def test_the_newest_revision_is_told_without_asking_alembic(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        told = ScriptDirectory.from_config(alembic_config(connection)).get_current_head()
        stands = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    assert told == stands == newest_revision()
