"""Every dashboard there is."""

from scripts.dashboards.cameras import CAMERAS
from scripts.dashboards.operations import OPERATIONS
from scripts.dashboards.plan import PLAN
from scripts.dashboards.response import RESPONSE
from scripts.dashboards.service import SERVICE

BOARDS = (OPERATIONS, PLAN, CAMERAS, RESPONSE, SERVICE)
