"""Rules in the forms that other programs read: iCalendar (RFC 5545), OSM opening_hours, HSDS schedule."""
