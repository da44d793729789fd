"""One valid answer for every kind and every channel; what `answers` lacks stands here."""

from typing import Any

from tests.shapes.answers import (
    ADDRESS,
    ANSWERS,
    AUCTION,
    CLEARINGHOUSE,
    FILL,
    FRONTEND_ORDER,
    HASH,
    INFO,
    META,
    NOW,
    OPEN_ORDER,
    ORDER_RECORD,
    OTHER,
    PERP_CONTEXT,
    SPOT_CONTEXT,
    SPOT_STATE,
    order_answer,
)

RESERVE: dict[str, Any] = {
    "borrowYearlyRate": "0.05",
    "supplyYearlyRate": "0.0008244951",
    "balance": "3245960.0596176102",
    "utilization": "0.0183221137",
    "oraclePx": "1.0",
    "ltv": "0.0",
    "totalSupplied": "3306530.3251102199",
    "totalBorrowed": "60582.62446067",
}
OUTCOME: dict[str, Any] = {
    "outcome": 95,
    "name": "Recurring",
    "description": "class:priceBinary",
    "sideSpecs": [{"name": "Yes", "token": 7}, {"name": "No"}],
    "quoteToken": "USDC",
    "deployer": OTHER,
    "venue": "out",
    "deployerFeeScale": "1.0",
}
QUESTION: dict[str, Any] = {
    "question": 3,
    "name": "Which",
    "description": "one",
    "fallbackOutcome": 95,
    "namedOutcomes": [96],
    "settledNamedOutcomes": [],
}
ROLE: dict[str, Any] = {"standaloneOutcome": {"sideNames": ["Yes", "No"]}}
TRADE: dict[str, Any] = {
    "coin": "ETH",
    "side": "A",
    "px": "2500.5",
    "sz": "0.03",
    "time": NOW,
    "hash": HASH,
    "tid": 123_456_789,
    "users": [ADDRESS, OTHER],
}
TWAP: dict[str, Any] = INFO["twapHistory"][0]["state"]
LEADING: dict[str, Any] = {"address": OTHER, "name": "Test"}
VOTES: list[dict[str, Any]] = [
    {"D": "text"},
    {"C": ["text"]},
    {
        "E": {
            "token": 1,
            "technicalStaker": OTHER,
            "treasuryStaker": OTHER,
            "treasuryEvmAddress": OTHER,
            "evmRebalanceContract": OTHER,
        }
    },
    {"O": {"registerTokensAndStandaloneOutcome": {"quoteToken": 0, "nameAndDescription": ["a", "b"]}}},
    {
        "O": {
            "registerTokensAndQuestion": {
                "quoteToken": 0,
                "questionNameAndDescription": ["a", "b"],
                "fallbackNameAndDescription": ["a", "b"],
                "namedOutcomes": [["a", "b"]],
            }
        }
    },
    {
        "O": {
            "registerTemplate": {
                "id": "t",
                "role": ROLE,
                "nameAndDescription": ["a", "b"],
                "keywordToHint": [["when", "date"]],
            }
        }
    },
    {"O": {"settleOutcome": {"outcome": 1, "settleFraction": "1", "details": ""}}},
    {"O": {"settleQuestion": {"question": 1, "settleFractionsAndDetails": [[1, ["0.5", ""]]]}}},
    {
        "O": {
            "settleQuestion2": {
                "question": 1,
                "outcomeSettlements": [
                    {
                        "outcome": 1,
                        "settleFraction": "0",
                        "details": "",
                        "nameAndDescription": ["a", "b"],
                        "sideNames": ["Yes", "No"],
                    }
                ],
                "nameAndDescription": ["a", "b"],
            }
        }
    },
]
BUILDERS_KEYS = ("growthMode", "lastGrowthModeChangeTime", "deployerFeeScale", "lastFeeScaleChangeTime")
FIRST_META = META | {
    "universe": [
        {key: value for key, value in row.items() if key not in BUILDERS_KEYS} for row in META["universe"]
    ]
}
WEB_DATA_2: dict[str, Any] = {
    "clearinghouseState": CLEARINGHOUSE,
    "leadingVaults": [LEADING],
    "totalVaultEquity": "0.0",
    "openOrders": [FRONTEND_ORDER],
    "agentAddress": OTHER,
    "agentValidUntil": NOW,
    "cumLedger": "-2686.97",
    "meta": FIRST_META,
    "assetCtxs": [PERP_CONTEXT],
    "serverTime": NOW,
    "isVault": False,
    "user": ADDRESS,
    "twapStates": [[7, TWAP]],
    "spotState": SPOT_STATE,
    "spotAssetCtxs": [SPOT_CONTEXT],
    "optOutOfSpotDusting": True,
    "perpsAtOpenInterestCap": ["CANTO"],
}

NEWER: dict[str, Any] = {
    "alignedQuoteTokenInfo": {
        "isAligned": True,
        "firstAlignedTime": NOW,
        "evmMintedSupply": "0.0",
        "dailyAmountOwed": [["2025-10-04", "0.0"]],
        "predictedRate": "0.01",
    },
    "allBorrowLendReserveStates": [[0, RESERVE]],
    "borrowLendReserveState": RESERVE,
    "borrowLendUserState": {
        "tokenToState": [
            [0, {"borrow": {"basis": "0.0", "value": "0.0"}, "supply": {"basis": "44.5", "value": "44.75"}}]
        ],
        "health": "healthy",
        "healthFactor": None,
    },
    "gossipPriorityAuctionStatus": [["10.0.0.1", None], [AUCTION, AUCTION]],
    "gossipRootIps": ["10.0.0.1"],
    "isVip": True,
    "leadingVaults": [LEADING],
    "legalCheck": {"acceptedTerms": True, "userAllowed": True, "restrictions": "n"},
    "liquidatable": [
        {"user": ADDRESS, "positionIndex": {"isolated": {"asset": 3}}, "marginAvailable": [1.5, 2.0]}
    ],
    "marginTable": META["marginTables"][0][1],
    "maxMarketOrderNtls": [[25, "30000000.0"]],
    "outcomeMeta": {
        "outcomes": [OUTCOME],
        "questions": [QUESTION],
        "deployers": [{"deployer": OTHER, "venue": "out", "subDeployers": [["settleOutcome", [ADDRESS]]]}],
        "feeScale": "1.0",
    },
    "outcomeTemplates": [
        {"id": "t", "role": role, "name": "{when}", "description": "", "keywords": [["when", "date"]]}
        for role in (ROLE, "question", {"questionOutcome": {"parent": "t"}})
    ],
    "perpAnnotation": {
        "category": "other",
        "description": "perps",
        "displayName": "Cats",
        "keywords": ["meow"],
    },
    "perpCategories": [["nq:TEST", "preipo"]],
    "perpConciseAnnotations": [
        ["dex:CATS", {"category": "indices", "displayName": "Cats", "keywords": ["meow"]}]
    ],
    "recentTrades": [TRADE],
    "settledOutcome": {
        "spec": OUTCOME,
        "settleFraction": "0.0",
        "details": "price:76876.9",
        "question": {"question": {"active": 3}, "name": "Which", "description": "one"},
    },
    "spotDeployState": {
        "states": [
            {
                "token": 5,
                "spec": {"name": "TEST", "szDecimals": 2, "weiDecimals": 8},
                "fullName": None,
                "deployerTradingFeeShare": "0.0",
                "spots": [7],
                "maxSupply": "1000000",
                "hyperliquidityGenesisBalance": "0",
                "totalGenesisBalanceWei": "0",
                "userGenesisBalances": [[OTHER, "1.5"]],
                "existingTokenGenesisBalances": [[1, "2"]],
                "blacklistUsers": [OTHER],
            }
        ],
        "gasAuction": AUCTION,
    },
    "usdcRouting": {"depositRoute": "bridge", "withdrawalRoute": "cctp"},
    "userBorrowLendInterest": [
        {"time": NOW, "token": "USDC", "borrow": "0.0", "supply": "0.5", "nSamples": 1}
    ],
    "userTwapSliceFillsByTime": INFO["userTwapSliceFills"],
    "validatorL1Votes": [
        {"expireTime": NOW, "action": vote, "votes": [OTHER], "quorumReached": False} for vote in VOTES
    ],
    "validatorSummaries": [
        {
            "validator": OTHER,
            "signer": ADDRESS,
            "name": "Test",
            "description": "",
            "nRecentBlocks": 1000,
            "stake": 12_345_678_901_234,
            "isJailed": False,
            "unjailableAfter": None,
            "isActive": True,
            "commission": "0.04",
            "stats": [["day", {"uptimeFraction": "1.0", "predictedApr": "0.0218", "nSamples": 1440}]],
        }
    ],
    "vaultSummaries": [
        {
            "name": "Test",
            "vaultAddress": OTHER,
            "leader": ADDRESS,
            "tvl": "1000.5",
            "isClosed": False,
            "relationship": {"type": "normal"},
            "createTimeMillis": NOW,
        }
    ],
    "webData2": WEB_DATA_2,
}
"""By the type of the /info request."""

FUNDING: dict[str, Any] = {
    "time": NOW,
    "coin": "ETH",
    "usdc": "-0.044263",
    "szi": "30.0",
    "fundingRate": "0.0000369155",
    "nSamples": None,
}

CHANNELS: dict[str, Any] = {
    "activeAssetCtx": {"coin": "ETH", "ctx": PERP_CONTEXT},
    "activeAssetData": INFO["activeAssetData"],
    "activeSpotAssetCtx": {"coin": "@107", "ctx": SPOT_CONTEXT},
    "allDexsAssetCtxs": {"ctxs": [["", [PERP_CONTEXT]], ["xyz", []]]},
    "allDexsClearinghouseState": {"user": ADDRESS, "clearinghouseStates": [["", CLEARINGHOUSE]]},
    "allMids": {"dex": "xyz", "mids": {"xyz:AAPL": "336.355"}},
    "assetCtxs": {"dex": "", "ctxs": [PERP_CONTEXT]},
    "bbo": {"coin": "ETH", "time": NOW, "bbo": [None, {"px": "2500.5", "sz": "0.25", "n": 1}]},
    "candle": INFO["candleSnapshot"][0],
    "clearinghouseState": {"dex": "", "user": ADDRESS, "clearinghouseState": CLEARINGHOUSE},
    "error": "Cannot track more than 10 total users.",
    "explorerBlock": [{"blockTime": NOW, "hash": HASH, "height": 5, "numTxs": 2, "proposer": OTHER}],
    "explorerTxs": [
        {"action": {"type": "noop"}, "block": 5, "error": None, "hash": HASH, "time": NOW, "user": ADDRESS}
    ],
    "fastAssetCtxs": {"ETH": {"markPx": "2500.5", "midPx": None}},
    "l2Book": {**INFO["l2Book"], "spread": "0.5", "fast": True},
    "notification": {"notification": "Resting order filled: Bought 0.0063 ETH at $1907.6"},
    "openOrders": {"dex": "", "user": ADDRESS, "orders": [FRONTEND_ORDER]},
    "orderUpdates": [{"order": OPEN_ORDER, "status": "open", "statusTimestamp": NOW}],
    "outcomeMetaUpdates": [
        {"outcomeCreated": OUTCOME},
        {"outcomeSettled": 95},
        {"questionUpdated": QUESTION},
        {"questionSettled": 3},
    ],
    "pong": None,
    "post": {"id": 7, "response": {"type": "action", "payload": order_answer()}},
    "spotAssetCtxs": [SPOT_CONTEXT],
    "spotState": {"user": ADDRESS, "spotState": SPOT_STATE},
    "subscriptionResponse": {
        "method": "subscribe",
        "subscription": {"type": "l2Book", "coin": "ETH", "nSigFigs": None, "mantissa": None, "fast": False},
    },
    "trades": [TRADE],
    "twapStates": {"dex": "", "user": ADDRESS, "states": [[7, TWAP]]},
    "user": {"nonUserCancel": [{"coin": "ETH", "oid": 5}]},
    "userFills": {"user": ADDRESS, "isSnapshot": True, "fills": [FILL]},
    "userFundings": {"user": ADDRESS, "isSnapshot": True, "fundings": [FUNDING]},
    "userHistoricalOrders": {"user": ADDRESS, "isSnapshot": True, "orderHistory": [ORDER_RECORD]},
    "userNonFundingLedgerUpdates": {
        "user": ADDRESS,
        "isSnapshot": True,
        "nonFundingLedgerUpdates": INFO["userNonFundingLedgerUpdates"],
    },
    "userTwapHistory": {"user": ADDRESS, "isSnapshot": True, "history": INFO["twapHistory"]},
    "userTwapSliceFills": {
        "user": ADDRESS,
        "isSnapshot": True,
        "twapSliceFills": INFO["userTwapSliceFills"],
    },
    "webData2": WEB_DATA_2,
    "webData3": {
        "userState": {
            "agentAddress": None,
            "agentValidUntil": None,
            "cumLedger": "-1190433.52",
            "serverTime": NOW,
            "isVault": True,
            "user": ADDRESS,
            "optOutOfSpotDusting": True,
            "dexAbstractionEnabled": True,
            "abstraction": "unifiedAccount",
        },
        "perpDexStates": [
            {"totalVaultEquity": "0.0", "perpsAtOpenInterestCap": ["CANTO"], "leadingVaults": [LEADING]},
            {"totalVaultEquity": "0.0"},
        ],
    },
}
"""The data of a message, by its channel."""

USER_EVENTS: tuple[dict[str, Any], ...] = (
    {"fills": [FILL]},
    {"funding": FUNDING},
    {
        "liquidation": {
            "lid": 5,
            "liquidator": OTHER,
            "liquidated_user": ADDRESS,
            "liquidated_ntl_pos": "356.5",
            "liquidated_account_value": "2.5",
        }
    },
    {"nonUserCancel": [{"coin": "ETH", "oid": 5}]},
    {"twapHistory": INFO["twapHistory"]},
    {"twapSliceFills": INFO["userTwapSliceFills"]},
)
"""Every form that a message of the channel user may have."""

EVERY: dict[tuple[str, str], Any] = {
    **ANSWERS,
    **{("info", kind): answer for kind, answer in NEWER.items()},
    **{("ws", channel): data for channel, data in CHANNELS.items()},
}
"""By endpoint and kind."""
