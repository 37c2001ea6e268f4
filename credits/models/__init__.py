"""The models of the app: the ledger and the vouchers."""

from credits.models.ledger import Account, Entry, Kind
from credits.models.voucher import Voucher

__all__ = [
    "Account",
    "Entry",
    "Kind",
    "Voucher",
]
