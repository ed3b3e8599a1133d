"""A database made ready: its schema, the first tenant, and who may sign in first."""

from concierge.console.operators import ensure_first
from concierge.postgres.migrate import migrate
from concierge.runtime import Runtime
from concierge.settings import Settings
from concierge.tenants.seeding import seed
from concierge.wiring import briefly


async def prepare(settings: Settings) -> list[str]:
    """Migrate and seed; the names of what was applied. Raises MigrationError, SettingsError."""
    applied = await migrate(settings.database_url.reveal(), lambda _line: None)
    await begin(settings)
    return applied


async def begin(settings: Settings) -> None:
    """The first tenant and the first operator as the settings say, in a database whose schema is there."""

    async def seeded(runtime: Runtime) -> None:
        await seed(runtime)
        await ensure_first(runtime)

    await briefly(settings, "seed", seeded)
