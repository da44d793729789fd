// The life of an order by nomeida's `hyperliquid` over the URL in argv[2], as the key in argv[3]; prints what it saw.
import fs from "node:fs";
import { createRequire } from "node:module";

const [url, key] = process.argv.slice(2);
const require = createRequire(import.meta.url);
// Its hosts are constants.
const bundle = require.resolve("hyperliquid");
const turned = fs.readFileSync(bundle, "utf8")
  .replaceAll("wss://api.hyperliquid-testnet.xyz/ws", `${url.replace("http", "ws")}/ws`)
  .replaceAll("https://api.hyperliquid-testnet.xyz", url);
fs.writeFileSync(bundle, turned);
// It prints as it goes; what is asked for here is one line.
console.log = console.warn = () => {};
const { Hyperliquid } = require("hyperliquid");
const { ethers } = require("ethers");

const user = new ethers.Wallet(key).address;
const other = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const coin = "ETH-PERP";
const seen = { updates: [], fills: [], heard: {}, answers: [] };
const sdk = new Hyperliquid({ privateKey: key, testnet: true, maxReconnectAttempts: 0 });
await sdk.connect();

const { subscriptions: feed, exchange, info } = sdk;
const heard = (name) => () => { seen.heard[name] = true; };
await feed.subscribeToOrderUpdates(user, (rows) => seen.updates.push(...[rows].flat().map((row) => row.status)));
await feed.subscribeToUserFills(user, (data) => data.isSnapshot || seen.fills.push(...data.fills.map((fill) => fill.dir)));
await feed.subscribeToL2Book(coin, heard("l2Book"));
await feed.subscribeToAllMids(heard("allMids"));
await feed.subscribeToBbo(coin, heard("bbo"));
await feed.subscribeToTrades(coin, heard("trades"));
await feed.subscribeToCandle(coin, "1m", heard("candle"));
await feed.subscribeToUserFundings(user, heard("userFundings"));
await feed.subscribeToActiveAssetCtx(coin, heard("activeAssetCtx"));

const order = (is_buy, limit_px, tif, reduce_only = false) => ({ coin, is_buy, sz: 0.01, limit_px, order_type: { limit: { tif } }, reduce_only });
const send = async (made) => (await exchange.placeOrder(made)).response.data.statuses[0];
const oid = (await send(order(true, 2500, "Gtc"))).resting.oid;
seen.placed = (await info.getOrderStatus(user, oid)).order.status;
await exchange.modifyOrder(oid, order(true, 2510, "Gtc"));
const [open] = await info.getUserOpenOrders(user);
seen.modified = open.limitPx;
await exchange.cancelOrder({ coin, o: open.oid });
seen.filled = (await send(order(true, 3200, "Ioc"))).filled.totalSz;
seen.position = (await info.perpetuals.getClearinghouseState(user)).assetPositions[0].position.szi;
seen.closed = (await send(order(false, 3000, "Ioc", true))).filled.totalSz;
for (const act of [
  () => sdk.custom.marketOpen(coin, true, 0.02),
  () => sdk.custom.marketClose(coin),
  () => exchange.updateLeverage(coin, "cross", 5),
  () => exchange.usdTransfer(other, 1),
  () => exchange.initiateWithdrawal(other, 5),
  () => exchange.spotTransfer(other, "HYPE:0x7317beb7cceed72ef0b346074cc8e7ab", "1"),
  () => exchange.transferBetweenSpotAndPerp(5, true),
  () => exchange.placeTwapOrder({ coin, is_buy: true, sz: 1, reduce_only: false, minutes: 30, randomize: false }),
  () => exchange.noop(),
  () => exchange.createSubAccount("nomeida"),
  () => exchange.approveBuilderFee({ builder: other, maxFeeRate: "0.001%" }),
]) seen.answers.push((await act()).status);

for (let waited = 0; waited < 100 && (seen.fills.length < 4 || Object.keys(seen.heard).length < 7); waited += 1) {
  await new Promise((done) => setTimeout(done, 50));
}
process.stdout.write(JSON.stringify(seen), () => process.exit(0));
