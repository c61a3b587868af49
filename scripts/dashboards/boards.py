"""Every dashboard there is."""

from scripts.dashboards.cameras import CAMERAS
from scripts.dashboards.health import SERVICE
from scripts.dashboards.operations import OPERATIONS
from scripts.dashboards.plan import PLAN
from scripts.dashboards.response import RESPONSE

BOARDS = (OPERATIONS, PLAN, CAMERAS, RESPONSE, SERVICE)
