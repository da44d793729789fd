"""One valid answer a kind, as the exchange gives it today; made for these tests, not recorded."""

from typing import Any

ADDRESS = "0x" + "1f" * 20
OTHER = "0x" + "2e" * 20
CLOID = "0x" + "3d" * 16
HASH = "0x" + "4c" * 32
TOKEN_ID = "0x" + "5b" * 16
NOW = 1_790_000_000_000

OPEN_ORDER: dict[str, Any] = {
    "coin": "ETH",
    "side": "B",
    "limitPx": "2500.5",
    "sz": "0.02",
    "oid": 60_000_000_001,
    "timestamp": NOW,
    "origSz": "0.05",
    "cloid": CLOID,
    "reduceOnly": True,
}

CHILD_ORDER: dict[str, Any] = {
    "coin": "ETH",
    "side": "A",
    "limitPx": "3000.0",
    "sz": "0.05",
    "oid": 60_000_000_002,
    "timestamp": NOW,
    "triggerCondition": "Price above 3100.5",
    "isTrigger": True,
    "triggerPx": "3100.5",
    "children": [],
    "isPositionTpsl": False,
    "reduceOnly": True,
    "orderType": "Take Profit Market",
    "origSz": "0.05",
    "tif": None,
    "cloid": None,
}

FRONTEND_ORDER: dict[str, Any] = {
    "coin": "ETH",
    "side": "B",
    "limitPx": "2500.5",
    "sz": "0.02",
    "oid": 60_000_000_001,
    "timestamp": NOW,
    "triggerCondition": "N/A",
    "isTrigger": False,
    "triggerPx": "0.0",
    "children": [CHILD_ORDER],
    "isPositionTpsl": False,
    "reduceOnly": False,
    "orderType": "Limit",
    "origSz": "0.05",
    "tif": "Gtc",
    "cloid": CLOID,
}

ORDER_RECORD: dict[str, Any] = {"order": FRONTEND_ORDER, "status": "open", "statusTimestamp": NOW + 5}

FILL: dict[str, Any] = {
    "coin": "ETH",
    "px": "2500.5",
    "sz": "0.03",
    "side": "B",
    "time": NOW,
    "startPosition": "-0.01",
    "dir": "Short > Long",
    "closedPnl": "-1.25",
    "hash": HASH,
    "oid": 60_000_000_001,
    "crossed": True,
    "fee": "0.033756",
    "tid": 123_456_789,
    "cloid": CLOID,
    "builderFee": "0.0075",
    "liquidation": {"liquidatedUser": OTHER, "markPx": "2499.0", "method": "market"},
    "feeToken": "USDC",
    "twapId": None,
}

SLICE_FILL = {key: value for key, value in FILL.items() if key not in ("cloid", "builderFee", "liquidation")}

MARGIN: dict[str, Any] = {
    "accountValue": "1000.5",
    "totalNtlPos": "250.05",
    "totalRawUsd": "750.45",
    "totalMarginUsed": "50.01",
}

CLEARINGHOUSE: dict[str, Any] = {
    "marginSummary": MARGIN,
    "crossMarginSummary": MARGIN,
    "crossMaintenanceMarginUsed": "5.0",
    "withdrawable": "900.25",
    "assetPositions": [
        {
            "type": "oneWay",
            "position": {
                "coin": "ETH",
                "szi": "-0.1",
                "leverage": {"type": "isolated", "value": 5, "rawUsd": "-95.059824"},
                "entryPx": "2500.5",
                "positionValue": "250.05",
                "unrealizedPnl": "-1.5",
                "returnOnEquity": "-0.03",
                "liquidationPx": None,
                "marginUsed": "50.01",
                "maxLeverage": 25,
                "cumFunding": {"allTime": "0.5", "sinceOpen": "0.25", "sinceChange": "-0.125"},
            },
        },
        {
            "type": "oneWay",
            "position": {
                "coin": "BTC",
                "szi": "0.001",
                "leverage": {"type": "cross", "value": 20},
                "entryPx": "80000.0",
                "positionValue": "80.0",
                "unrealizedPnl": "0.0",
                "returnOnEquity": "0.0",
                "liquidationPx": "70000.0",
                "marginUsed": "4.0",
                "maxLeverage": 40,
                "cumFunding": {"allTime": "0.0", "sinceOpen": "0.0", "sinceChange": "0.0"},
            },
        },
    ],
    "time": NOW,
}

SPOT_STATE: dict[str, Any] = {
    "portfolioMarginEnabled": True,
    "balances": [
        {"coin": "USDC", "token": 0, "total": "100.5", "hold": "10.0", "entryNtl": "0.0", "ltv": "0.0"},
        {"coin": "+100090170", "total": "5.0", "hold": "0.0", "entryNtl": "2.5"},
    ],
    "tokenToAvailableAfterMaintenance": [[0, "90.5"]],
}

META: dict[str, Any] = {
    "universe": [
        {"szDecimals": 2, "name": "SOL", "maxLeverage": 10, "marginTableId": 10},
        {
            "szDecimals": 4,
            "name": "ETH",
            "maxLeverage": 25,
            "marginTableId": 51,
            "onlyIsolated": True,
            "isDelisted": True,
            "marginMode": "strictIsolated",
            "growthMode": "enabled",
            "lastGrowthModeChangeTime": "2025-11-23T17:37:10.033211662",
            "deployerFeeScale": "1.0",
            "lastFeeScaleChangeTime": "2026-09-02T13:30:38.854252862",
        },
    ],
    "marginTables": [
        [51, {"description": "tiered", "marginTiers": [{"lowerBound": "0.0", "maxLeverage": 25}]}],
    ],
    "collateralToken": 0,
}

SPOT_META: dict[str, Any] = {
    "universe": [
        {"tokens": [1, 0], "name": "PURR/USDC", "index": 0, "isCanonical": True},
        {"tokens": [2, 0], "name": "@7", "index": 7, "isCanonical": False},
    ],
    "tokens": [
        {
            "name": name,
            "szDecimals": 2,
            "weiDecimals": 8,
            "index": index,
            "tokenId": TOKEN_ID,
            "isCanonical": True,
            "evmContract": {"address": OTHER, "evm_extra_wei_decimals": -2} if index else None,
            "fullName": None if index else "USD Coin",
            "deployerTradingFeeShare": "0.5",
            "deployerLabel": "Unit",
        }
        for index, name in enumerate(("USDC", "PURR", "TEST"))
    ],
}

PERP_CONTEXT: dict[str, Any] = {
    "funding": "-0.0000125",
    "openInterest": "688.11",
    "prevDayPx": "2400.0",
    "dayNtlVlm": "1169046.29406",
    "premium": None,
    "oraclePx": "2501.0",
    "markPx": "2500.5",
    "midPx": "2500.25",
    "impactPxs": ["2500.0", "2501.5"],
    "dayBaseVlm": "450.5",
}

SPOT_CONTEXT: dict[str, Any] = {
    "prevDayPx": "0.15",
    "dayNtlVlm": "1000.5",
    "markPx": "0.16",
    "midPx": None,
    "circulatingSupply": "1000000.5",
    "coin": "PURR/USDC",
    "totalSupply": "1000001.5",
    "dayBaseVlm": "6500.0",
}

USER_FEES: dict[str, Any] = {
    "dailyUserVlm": [{"date": "2026-09-04", "userCross": "0.0", "userAdd": "1.5", "exchange": "5968404.96"}],
    "feeSchedule": {
        "cross": "0.00045",
        "add": "0.00015",
        "spotCross": "0.0007",
        "spotAdd": "0.0004",
        "tiers": {
            "vip": [
                {
                    "ntlCutoff": "5000000.0",
                    "cross": "0.0004",
                    "add": "0.00012",
                    "spotCross": "0.0006",
                    "spotAdd": "0.0003",
                }
            ],
            "mm": [{"makerFractionCutoff": "0.005", "add": "-0.00001"}],
        },
        "referralDiscount": "0.04",
        "stakingDiscountTiers": [{"bpsOfMaxSupply": "0.0001", "discount": "0.05"}],
    },
    "userCrossRate": "0.00045",
    "userAddRate": "0.00015",
    "userSpotCrossRate": "0.0007",
    "userSpotAddRate": "0.0004",
    "activeReferralDiscount": "0.0",
    "trial": None,
    "feeTrialEscrow": "0.0",
    "nextTrialAvailableTimestamp": None,
    "stakingLink": {"type": "tradingUser", "stakingUser": OTHER},
    "activeStakingDiscount": {"bpsOfMaxSupply": "0.0", "discount": "0.0"},
}

REWARDS: dict[str, Any] = {
    "cumVlm": "5200.75",
    "unclaimedRewards": "0.0",
    "claimedRewards": "1.5",
    "builderRewards": "0.0",
}

PORTFOLIO_PERIOD: dict[str, Any] = {
    "accountValueHistory": [[NOW, "1000.5"]],
    "pnlHistory": [[NOW, "-1.5"]],
    "vlm": "2500.0",
}

AUCTION: dict[str, Any] = {
    "startTimeSeconds": 1_765_623_600,
    "durationSeconds": 111_600,
    "startGas": "500.0",
    "currentGas": "400.5",
    "endGas": None,
}

INFO: dict[str, Any] = {
    "activeAssetData": {
        "user": ADDRESS,
        "coin": "ETH",
        "leverage": {"type": "cross", "value": 10},
        "maxTradeSzs": ["1.5", "2.5"],
        "availableToTrade": ["100.5", "200.5"],
        "markPx": "2500.5",
    },
    "allMids": {"ETH": "2500.25", "PURR/USDC": "0.0664375", "@7": "1.0"},
    "allPerpMetas": [META],
    "approvedBuilders": [OTHER],
    "candleSnapshot": [
        {
            "t": NOW,
            "T": NOW + 59_999,
            "s": "ETH",
            "i": "1m",
            "o": "2500.0",
            "c": "2501.5",
            "h": "2502.0",
            "l": "2499.5",
            "v": "12.5",
            "n": 42,
        }
    ],
    "clearinghouseState": CLEARINGHOUSE,
    "delegations": [{"validator": OTHER, "amount": "12060.16529862", "lockedUntilTimestamp": NOW}],
    "delegatorHistory": [
        {"time": NOW, "hash": HASH, "delta": {"cDeposit": {"amount": "10.5"}}},
        {
            "time": NOW,
            "hash": HASH,
            "delta": {"delegate": {"validator": OTHER, "amount": "10.5", "isUndelegate": False}},
        },
    ],
    "delegatorRewards": [{"time": NOW, "source": "delegation", "totalAmount": "0.73117184"}],
    "delegatorSummary": {
        "delegated": "10.5",
        "undelegated": "0.0",
        "totalPendingWithdrawal": "0.0",
        "nPendingWithdrawals": 0,
    },
    "exchangeStatus": {"time": NOW, "specialStatuses": None},
    "extraAgents": [{"name": "night desk", "address": OTHER, "validUntil": NOW}],
    "frontendOpenOrders": [FRONTEND_ORDER],
    "fundingHistory": [{"coin": "ETH", "fundingRate": "-0.00061334", "premium": "-0.00091334", "time": NOW}],
    "historicalOrders": [ORDER_RECORD, {**ORDER_RECORD, "status": "canceled"}],
    "l2Book": {
        "coin": "ETH",
        "time": NOW,
        "levels": [
            [{"px": "2500.0", "sz": "1.5", "n": 2}, {"px": "2499.5", "sz": "3.0", "n": 1}],
            [{"px": "2500.5", "sz": "0.25", "n": 1}],
        ],
    },
    "maxBuilderFee": 50,
    "meta": META,
    "metaAndAssetCtxs": [META, [PERP_CONTEXT, PERP_CONTEXT]],
    "openOrders": [OPEN_ORDER],
    "orderStatus": {"status": "order", "order": ORDER_RECORD},
    "perpDeployAuctionStatus": AUCTION,
    "perpDexLimits": {
        "totalOiCap": "400000000.0",
        "oiSzCapPerPerp": "1000000000.0",
        "maxTransferNtl": "150000000.0",
        "coinToOiCap": [["xyz:GOLD", "25000000.0"]],
    },
    "perpDexStatus": {"totalNetDeposit": "44452174.1128069982"},
    "perpDexs": [
        None,
        {
            "name": "unit",
            "fullName": "unit dex",
            "deployer": ADDRESS,
            "oracleUpdater": None,
            "feeRecipient": OTHER,
            "assetToStreamingOiCap": [["unit:ES", "2500000.0"]],
            "subDeployers": [["setOracle", [OTHER]]],
            "deployerFeeScale": "1.0",
            "lastDeployerFeeScaleChangeTime": "1970-01-01T00:00:00",
            "assetToFundingMultiplier": [["unit:ES", "1.0"]],
            "assetToFundingInterestRate": [["unit:ES", "0.01"]],
            "assetToFundingClamp": [["unit:ES", "0.0005"]],
        },
    ],
    "perpsAtOpenInterestCap": ["PURR"],
    "portfolio": [["day", PORTFOLIO_PERIOD], ["perpAllTime", PORTFOLIO_PERIOD]],
    "predictedFundings": [
        ["ETH", [["HlPerp", {"fundingRate": "0.0000125", "nextFundingTime": NOW}], ["BinPerp", None]]]
    ],
    "preTransferCheck": {"isSanctioned": False, "userExists": True, "fee": "1.0", "userHasSentTx": False},
    "referral": {
        "referredBy": {"referrer": OTHER, "code": "TESTNET"},
        **REWARDS,
        "referrerState": {"stage": "needToTrade", "data": {"required": "4799.25"}},
        "rewardHistory": [{"earned": "1.5", "vlm": "100.0", "referralVlm": "0.0", "time": NOW}],
        "tokenToState": [[0, REWARDS]],
    },
    "spotClearinghouseState": SPOT_STATE,
    "spotMeta": SPOT_META,
    "spotMetaAndAssetCtxs": [SPOT_META, [SPOT_CONTEXT]],
    "spotPairDeployAuctionStatus": AUCTION,
    "subAccounts": [
        {
            "name": "night desk",
            "subAccountUser": OTHER,
            "master": ADDRESS,
            "clearinghouseState": CLEARINGHOUSE,
            "spotState": SPOT_STATE,
        }
    ],
    "subAccounts2": [
        {
            "name": "night desk",
            "subAccountUser": OTHER,
            "master": ADDRESS,
            "dexToClearinghouseState": [["", CLEARINGHOUSE]],
            "spotState": SPOT_STATE,
            "abstraction": "portfolioMargin",
        }
    ],
    "tokenDetails": {
        "name": "TEST",
        "maxSupply": "1852229076.12716007",
        "totalSupply": "851681534.05516005",
        "circulatingSupply": "851681534.05516005",
        "szDecimals": 0,
        "weiDecimals": 5,
        "midPx": "3.2049",
        "markPx": "3.2025",
        "prevDayPx": "3.2025",
        "genesis": {"userBalances": [[OTHER, "1.0"]], "existingTokenBalances": [[1, "2.0"]]},
        "deployer": ADDRESS,
        "deployGas": "100.0",
        "deployTime": "2024-06-05T10:50:59.434",
        "seededUsdc": "0.0",
        "nonCirculatingUserBalances": [[OTHER, "0.5"]],
        "futureEmissions": "0.0",
    },
    "twapHistory": [
        {
            "time": NOW // 1000,
            "state": {
                "coin": "ETH",
                "user": ADDRESS,
                "side": "B",
                "sz": "11.5",
                "executedSz": "0.0",
                "executedNtl": "0.0",
                "minutes": 30,
                "reduceOnly": False,
                "randomize": True,
                "timestamp": NOW,
                "trigger": {"px": "80.0", "above": False},
                "stopPx": "85.0",
            },
            "status": {"status": "error", "description": "Insufficient spot balance"},
            "twapId": 7,
        }
    ],
    "userAbstraction": "unifiedAccount",
    "userDexAbstraction": True,
    "userFees": USER_FEES,
    "userFills": [FILL],
    "userFillsByTime": [FILL],
    "userFunding": [
        {
            "time": NOW,
            "hash": HASH,
            "delta": {
                "type": "funding",
                "coin": "ETH",
                "usdc": "-0.044263",
                "szi": "30.0",
                "fundingRate": "0.0000369155",
                "nSamples": None,
            },
        }
    ],
    "userNonFundingLedgerUpdates": [
        {"time": NOW, "hash": HASH, "delta": {"type": "deposit", "usdc": "97.5"}},
        {
            "time": NOW,
            "hash": HASH,
            "delta": {
                "type": "send",
                "user": ADDRESS,
                "destination": OTHER,
                "sourceDex": "spot",
                "destinationDex": "",
                "token": "USDC",
                "amount": "5.0",
                "usdcValue": "5.0",
                "fee": "1.0",
                "nativeTokenFee": "0.0",
                "nonce": NOW,
                "feeToken": "",
            },
        },
    ],
    "userRateLimit": {
        "cumVlm": "357.45105",
        "nRequestsUsed": 231,
        "nRequestsCap": 10_357,
        "nRequestsSurplus": 0,
    },
    "userRole": {"role": "agent", "data": {"user": ADDRESS}},
    "userToMultiSigSigners": {"authorizedUsers": [ADDRESS, OTHER], "threshold": 2},
    "userTwapSliceFills": [{"fill": SLICE_FILL, "twapId": 7}],
    "userVaultEquities": [{"vaultAddress": OTHER, "equity": "100.5", "lockedUntilTimestamp": NOW}],
    "vaultDetails": {
        "name": "Test",
        "vaultAddress": OTHER,
        "leader": ADDRESS,
        "description": "",
        "portfolio": [["day", PORTFOLIO_PERIOD]],
        "apr": 0.36,
        "followerState": None,
        "leaderFraction": 0.0008,
        "leaderCommission": 0.1,
        "followers": [
            {
                "user": "Leader",
                "vaultEquity": "714491.71026243",
                "pnl": "-3203.5",
                "allTimePnl": "79843.75",
                "daysFollowing": 388,
                "vaultEntryTime": NOW,
                "lockupUntil": NOW,
            }
        ],
        "maxDistributable": 94856870.5,
        "maxWithdrawable": 742557.5,
        "isClosed": False,
        "relationship": {"type": "parent", "data": {"childAddresses": [OTHER]}},
        "allowDeposits": True,
        "alwaysCloseOnWithdraw": False,
    },
}
"""By the type of the /info request."""


def ok(response: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to an accepted action."""
    return {"status": "ok", "response": response}


def order_answer(*statuses: Any) -> dict[str, Any]:
    """Return the answer to an order with these statuses."""
    return ok({"type": "order", "data": {"statuses": list(statuses)}})


def cancel_answer(*statuses: Any) -> dict[str, Any]:
    """Return the answer to a cancel with these statuses."""
    return ok({"type": "cancel", "data": {"statuses": list(statuses)}})


RESTING: dict[str, Any] = {"resting": {"oid": 60_000_000_001, "cloid": CLOID}}
FILLED: dict[str, Any] = {
    "filled": {"totalSz": "0.02", "avgPx": "2500.5", "oid": 60_000_000_002, "cloid": CLOID}
}
REJECTED: dict[str, Any] = {"error": "Order must have minimum value of $10. asset=4"}
CANCEL_ERROR: dict[str, Any] = {
    "error": "Order was never placed, already canceled, or filled. asset=4",
}
REFUSED: dict[str, Any] = {"status": "err", "response": "Invalid leverage value"}
DEFAULT: dict[str, Any] = ok({"type": "default"})

ACTIONS: dict[str, Any] = {
    "order": order_answer(RESTING, FILLED, "waitingForFill", "waitingForTrigger", REJECTED),
    "batchModify": order_answer(RESTING, REJECTED),
    "modify": DEFAULT,
    "cancel": cancel_answer("success", CANCEL_ERROR),
    "cancelByCloid": cancel_answer("success"),
    "createSubAccount": ok({"type": "createSubAccount", "data": OTHER}),
    "createVault": ok({"type": "createVault", "data": OTHER}),
    "spotDeploy": ok({"type": "spotDeploy", "data": 1280}),
    "twapOrder": ok({"type": "twapOrder", "data": {"status": {"running": {"twapId": 7}}}}),
    "twapCancel": ok({"type": "twapCancel", "data": {"status": "success"}}),
    "updateLeverage": DEFAULT,
    "noop": REFUSED,
}
"""By the type of the action."""

ANSWERS: dict[tuple[str, str], Any] = {
    **{("info", kind): answer for kind, answer in INFO.items()},
    **{("exchange", kind): answer for kind, answer in ACTIONS.items()},
}
"""By endpoint and kind."""
