import logging

from fastapi import APIRouter, Depends, status

from ..dependencies import RepositoryDep, SettingsDep, api_key
from ..models import Loan, LoanRequest

logger = logging.getLogger("library.loans")

router = APIRouter(prefix="/loans", tags=["loans"], dependencies=[Depends(api_key)])


@router.post("", status_code=status.HTTP_201_CREATED)
async def lend(request: LoanRequest, repo: RepositoryDep, settings: SettingsDep) -> Loan:
    loan = repo.lend(request, settings)
    logger.info("lent until %s", loan.due)
    return loan
