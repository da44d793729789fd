// Calls every method of @nktkas/hyperliquid's three clients once, over HTTP or the websocket ("http" | "ws" in argv[4]),
// against the URL in argv[2] as the key in argv[3]; prints what each was answered, as JSON.
import * as hl from "@nktkas/hyperliquid";
import { privateKeyToAccount } from "viem/accounts";
import WebSocket from "ws";

const [url, key, way] = process.argv.slice(2);
const wallet = privateKeyToAccount(key);
const user = wallet.address;
// Node has one of its own from version 22 on.
globalThis.WebSocket ??= WebSocket;
const sockets = new hl.WebSocketTransport({ isTestnet: true, url: `${url.replace("http", "ws")}/ws` });
const transport = way === "ws" ? sockets : new hl.HttpTransport({ isTestnet: true, apiUrl: url });
const info = new hl.InfoClient({ transport });
const exchange = new hl.ExchangeClient({ transport, wallet });
const feed = new hl.SubscriptionClient({ transport: sockets });

const other = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const cloid = "0x0000000000000000000000000000abcd";
const zero = "0x0000000000000000000000000000000000000000";
const HYPE = "HYPE:0x7317beb7cceed72ef0b346074cc8e7ab";
const seen = { exchange: {}, info: {}, subscription: {} };

async function call(kind, name, client, params, as = name) {
  let note;
  try {
    const value = await client[name](...(params === undefined ? [] : [params]));
    note = { value };
  } catch (error) {
    note = { error: String(error.message ?? error), is: error.name };
  }
  seen[kind][as] = note;
  return note.value;
}
const act = (name, params, as) => call("exchange", name, exchange, params, as);
const ask = (name, params, as) => call("info", name, info, params, as);

// Subscriptions first, so that what follows is told.
const events = {};
const listen = async (name, params) => {
  events[name] = [];
  const heard = (event) => events[name].push(event);
  try {
    const arguments_ = params === undefined ? [heard] : [params, heard];
    await Promise.race([feed[name](...arguments_), new Promise((_, no) => setTimeout(() => no(new Error("no acknowledgement")), 3000))]);
    seen.subscription[name] = {};
  } catch (error) {
    seen.subscription[name] = { error: String(error.message ?? error), is: error.name };
  }
};
const coin = "ETH";
for (const [name, params] of [
  ["activeAssetCtx", { coin }], ["activeAssetData", { coin, user }], ["activeSpotAssetCtx", { coin: "PURR/USDC" }],
  ["allDexsAssetCtxs"], ["allDexsClearinghouseState", { user }], ["allMids"], ["assetCtxs"], ["bbo", { coin }],
  ["candle", { coin, interval: "1m" }], ["clearinghouseState", { user }], ["fastAssetCtxs"], ["l2Book", { coin }],
  ["notification", { user }], ["openOrders", { user }], ["orderUpdates", { user }], ["outcomeMetaUpdates"], ["spotAssetCtxs"],
  ["spotState", { user }], ["trades", { coin }], ["twapStates", { user }], ["userEvents", { user }], ["userFills", { user }],
  ["userFundings", { user }], ["userHistoricalOrders", { user }], ["userNonFundingLedgerUpdates", { user }],
  ["userTwapHistory", { user }], ["userTwapSliceFills", { user }], ["webData2", { user }], ["webData3", { user }],
]) if (name in feed) await listen(name, params);

const order = (b, p, tif, more = {}) => ({ a: 4, b, p, s: "0.01", r: false, t: { limit: { tif } }, ...more });
const placed = await act("order", { orders: [order(true, "2500", "Gtc", { c: cloid })], grouping: "na" });
const oid = placed?.response.data.statuses[0].resting.oid;
await ask("orderStatus", { user, oid });
await act("modify", { oid, order: order(true, "2510", "Gtc", { c: cloid }) });
const modified = await ask("openOrders", { user });
await ask("frontendOpenOrders", { user });
await act("batchModify", { modifies: [{ oid: modified?.[0]?.oid ?? 0, order: order(true, "2520", "Gtc", { c: cloid }) }] });
await act("cancelByCloid", { cancels: [{ asset: 4, cloid }] });
const second = await act("order", { orders: [order(true, "2500", "Gtc")], grouping: "na" }, "order2");
await act("cancel", { cancels: [{ a: 4, o: second?.response.data.statuses[0].resting.oid }] });
await act("order", { orders: [order(true, "3200", "Ioc")], grouping: "na" }, "filled");
await act("order", { grouping: "normalTpsl", orders: [
  order(true, "2500", "Gtc"),
  { a: 4, b: false, p: "2700", s: "0.01", r: true, t: { trigger: { isMarket: false, triggerPx: "2710", tpsl: "tp" } } },
  { a: 4, b: false, p: "2300", s: "0.01", r: true, t: { trigger: { isMarket: true, triggerPx: "2310", tpsl: "sl" } } },
] }, "tpsl");
await ask("frontendOpenOrders", { user }, "frontendOpenOrders.children");
await act("updateLeverage", { asset: 4, isCross: true, leverage: 5 });
await act("order", { orders: [{ a: 3, b: true, p: "200000", s: "0.001", r: false, t: { limit: { tif: "Ioc" } } }], grouping: "na" }, "btc");
await act("updateLeverage", { asset: 0, isCross: false, leverage: 3 }, "isolated");
await act("order", { orders: [{ a: 0, b: true, p: "250", s: "1", r: false, t: { limit: { tif: "Ioc" } } }], grouping: "na" }, "sol");
await act("updateIsolatedMargin", { asset: 0, isBuy: true, ntli: 5_000_000 });
await act("topUpIsolatedOnlyMargin", { asset: 0, leverage: "2" });
const twap = await act("twapOrder", { twap: { a: 4, b: true, s: "1", r: false, m: 30, t: false } });
await ask("twapHistory", { user });
await act("twapCancel", { a: 4, t: twap?.response.data.status.running.twapId });
await act("approveBuilderFee", { maxFeeRate: "0.01%", builder: other });
await act("approveAgent", { agentAddress: "0x0000000000000000000000000000000000000abc", agentName: "walker" });
await act("registerReferrer", { code: "WALK" });
await act("setReferrer", { code: "NOBODY" });
await act("setDisplayName", { displayName: "walker" });
await act("scheduleCancel", { time: Date.now() + 60_000 });
await act("scheduleCancel", undefined, "scheduleCancel.clear");
const sub = (await act("createSubAccount", { name: "walk" }))?.response.data;
await act("subAccountModify", { subAccountUser: sub, name: "walked" });
await act("subAccountTransfer", { subAccountUser: sub, isDeposit: true, usd: 5_000_000 });
await act("subAccountSpotTransfer", { subAccountUser: sub, isDeposit: true, token: HYPE, amount: "1" });
const vault = (await act("createVault", { name: "walkers", description: "they walk on", initialUsd: 100_000_000, nonce: Date.now() }))?.response.data;
await act("vaultTransfer", { vaultAddress: vault, isDeposit: true, usd: 10_000_000 });
await act("vaultModify", { vaultAddress: vault, allowDeposits: true, alwaysCloseOnWithdraw: false });
await act("vaultDistribute", { vaultAddress: vault, usd: 10_000_000 });
await act("usdSend", { destination: other, amount: "1" });
await act("spotSend", { destination: other, token: HYPE, amount: "1" });
await act("usdClassTransfer", { amount: "1", toPerp: true });
await act("sendAsset", { destination: user, sourceDex: "", destinationDex: "test", token: "USDC", amount: "20", fromSubAccount: "" });
await act("agentSendAsset", { destination: user, sourceDex: "", destinationDex: "test", token: "USDC", amount: "1", fromSubAccount: "" });
await act("withdraw3", { destination: user, amount: "5" });
await act("sendToEvmWithData", { token: "USDC", amount: "1", sourceDex: "spot", destinationRecipient: other, addressEncoding: "hex", destinationChainId: 1, gasLimit: 200000, data: "0x" });
await act("order", { orders: [{ a: 10000, b: true, p: "0.1", s: "200", r: false, t: { limit: { tif: "Ioc" } } }], grouping: "na" }, "spot");
await act("cDeposit", { wei: 100_000_000 });
await act("tokenDelegate", { validator: "0xa012b9040d83c5cbad9e6ea73c525027b755f596", wei: 10_000_000, isUndelegate: false });
await act("cWithdraw", { wei: 10_000_000 });
await act("claimRewards");
await act("linkStakingUser", { user: other, isFinalize: false });
await act("stakingLinkDisableTradingUser", { tradingUser: other });
await act("evmUserModify", { usingBigBlocks: true });
await act("noop", { nonce: Date.now() });
await act("reserveRequestWeight", { weight: 10 });
await act("borrowLend", { operation: "supply", token: 0, amount: "1" });
await act("spotUser", { toggleSpotDusting: { optOut: true } });
await act("cSignerAction", { jailSelf: null });
await act("cValidatorAction", { unregister: null });
await act("validatorL1Stream", { riskFreeRate: "0.05" });
await act("spotDeploy", { registerToken2: { spec: { name: "WALK", szDecimals: 2, weiDecimals: 8 }, maxGas: 1, fullName: "walk" } });
await act("perpDeploy", { setOracle: { dex: "test", oraclePxs: [], markPxs: [], externalPerpPxs: [] } });
await act("gossipPriorityBid", { slotId: 0, ip: "8.8.8.8", maxGas: 1 });
await act("finalizeEvmContract", { token: 1, input: "firstStorageSlot" });
await act("hip3LiquidatorTransfer", { dex: "test", ntl: 1_000_000, isDeposit: true });
await act("activateOutcomeDeployer", { isDeactivate: false });
await act("authorizeAqav2Role", { token: 0, role: "technical" });
await act("userOutcome", { splitOutcome: { outcome: 1, amount: "1" } });
await act("convertToMultiSigUser", { signers: { authorizedUsers: [other, zero], threshold: 1 } });
await act("userDexAbstraction", { user, enabled: false });
await act("agentEnableDexAbstraction");
await act("userSetAbstraction", { user, abstraction: "disabled" });
await act("agentSetAbstraction", { abstraction: "i" });
await act("userPortfolioMargin", { user, enabled: false });

const startTime = Date.now() - 3_600_000;
const own = ["approvedBuilders", "borrowLendUserState", "clearinghouseState", "delegations", "delegatorHistory", "delegatorRewards",
  "delegatorSummary", "extraAgents", "historicalOrders", "isVip", "leadingVaults", "legalCheck", "portfolio", "referral",
  "spotClearinghouseState", "spotDeployState", "subAccounts", "subAccounts2", "twapHistory", "userAbstraction", "userBorrowLendInterest", "userDexAbstraction", "userFees", "userFills",
  "userRateLimit", "userRole", "userToMultiSigSigners", "userTwapSliceFills", "userVaultEquities", "webData2", "userDetails"];
for (const name of own) if (name in info) await ask(name, name === "userBorrowLendInterest" ? { user, startTime } : { user });
for (const name of ["userFillsByTime", "userFunding", "userNonFundingLedgerUpdates", "userTwapSliceFillsByTime"]) await ask(name, { user, startTime });
for (const name of ["allBorrowLendReserveStates", "allMids", "allPerpMetas", "exchangeStatus", "gossipPriorityAuctionStatus", "gossipRootIps",
  "liquidatable", "maxMarketOrderNtls", "meta", "metaAndAssetCtxs", "outcomeMeta", "outcomeTemplates", "perpCategories", "perpConciseAnnotations", "perpDeployAuctionStatus",
  "perpDexs", "perpsAtOpenInterestCap", "predictedFundings", "spotMeta", "spotMetaAndAssetCtxs", "spotPairDeployAuctionStatus", "usdcRouting",
  "validatorL1Votes", "validatorSummaries", "vaultSummaries"]) if (name in info) await ask(name);
for (const [name, params] of [["activeAssetData", { user, coin }], ["borrowLendReserveState", { token: 0 }],
  ["candleSnapshot", { coin, interval: "1m", startTime }], ["fundingHistory", { coin, startTime }], ["l2Book", { coin }], ["marginTable", { id: 50 }],
  ["maxBuilderFee", { user, builder: other }], ["perpAnnotation", { coin: "test:ABC" }], ["perpDexLimits", { dex: "test" }], ["perpDexStatus", { dex: "test" }],
  ["preTransferCheck", { user: other, source: user }], ["recentTrades", { coin }], ["settledOutcome", { outcome: 1 }],
  ["tokenDetails", { tokenId: "0x7317beb7cceed72ef0b346074cc8e7ab" }], ["vaultDetails", { vaultAddress: vault ?? zero }],
  ["alignedQuoteTokenInfo", { token: 0 }], ["txDetails", { hash: "0x" + "00".repeat(32) }], ["blockDetails", { height: 1 }],
]) if (name in info) await ask(name, params);
await act("order", { orders: [order(false, "2800", "Ioc", { r: true })], grouping: "na" }, "closed");
await ask("userFills", { user }, "userFills.closed");
await new Promise((done) => setTimeout(done, 1500));
for (const name of Object.keys(events)) seen.subscription[name].events = events[name].slice(0, 40);
const all = (client) => Object.getOwnPropertyNames(client.prototype).filter((name) => name !== "constructor");
seen.left_out = [["exchange", hl.ExchangeClient], ["info", hl.InfoClient], ["subscription", hl.SubscriptionClient]]
  .flatMap(([kind, client]) => all(client).filter((name) => !(name in seen[kind])).map((name) => `${kind}.${name}`));
// What is longer than a pipe holds is lost when the process ends first.
process.stdout.write(JSON.stringify(seen), () => process.exit(0));
