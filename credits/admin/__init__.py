"""The admin of credits. Importing the modules registers their classes."""

from credits.admin import ledger as ledger
from credits.admin import users as users
from credits.admin import vouchers as vouchers
