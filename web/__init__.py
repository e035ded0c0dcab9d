"""What people see: pages rendered by the server, with the map as an enhancement."""

from web import numbers

numbers.register()
