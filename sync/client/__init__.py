"""The device side: a spool on disk, and the device that empties it. The one place in sync with I/O.

For the command line, the fleet simulator and the tests; needs a POSIX file system.
"""

from sync.client.device import Device, Report
from sync.client.login import Login
from sync.client.retry import Patience
from sync.client.spool import Parcel, Spool

__all__ = ["Device", "Login", "Parcel", "Patience", "Report", "Spool"]
