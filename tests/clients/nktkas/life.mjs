// The life of an order by @nktkas/hyperliquid over the URL in argv[2], as the key in argv[3]; prints what it saw.
import * as hl from "@nktkas/hyperliquid";
import { privateKeyToAccount } from "viem/accounts";
import WebSocket from "ws";

// Node has one of its own from version 22 on.
globalThis.WebSocket ??= WebSocket;
const [url, key] = process.argv.slice(2);
const wallet = privateKeyToAccount(key);
const user = wallet.address;
const transport = new hl.HttpTransport({ isTestnet: true, apiUrl: url });
const info = new hl.InfoClient({ transport });
const exchange = new hl.ExchangeClient({ transport, wallet });
const seen = { updates: [], fills: [], books: 0, actions: [], blocks: [] };

const sockets = new hl.WebSocketTransport({
  isTestnet: true,
  url: `${url.replace("http", "ws")}/ws`,
});
const feed = new hl.SubscriptionClient({ transport: sockets });
await feed.orderUpdates({ user }, (rows) => seen.updates.push(...rows.map((row) => row.status)));
await feed.userFills({ user }, (data) => data.isSnapshot || seen.fills.push(...data.fills.map((fill) => fill.dir)));
await feed.l2Book({ coin: "ETH" }, () => { seen.books += 1; });
// On the real network this is another host.
const explorer = new hl.ExplorerClient({ transport: sockets });
await explorer.explorerTxs((rows) => seen.actions.push(...rows.map((row) => row.action.type)));
await explorer.explorerBlock((rows) => seen.blocks.push(...rows.map((row) => row.height)));

const one = (b, p, tif, r = false) => ({ a: 4, b, p, s: "0.01", r, t: { limit: { tif } } });
const send = async (order) =>
  (await exchange.order({ orders: [order], grouping: "na" })).response.data.statuses[0];

seen.universe = (await info.meta()).universe.slice(3, 5).map((row) => row.name);
const placed = (await send(one(true, "2500", "Gtc"))).resting.oid;
seen.placed = (await info.orderStatus({ user, oid: placed })).order.status;
await exchange.modify({ oid: placed, order: one(true, "2510", "Gtc") });
const [open] = await info.openOrders({ user });
seen.modified = open.limitPx;
await exchange.cancel({ cancels: [{ a: 4, o: open.oid }] });
seen.filled = (await send(one(true, "3200", "Ioc"))).filled.totalSz;
seen.position = (await info.clearinghouseState({ user })).assetPositions[0].position.szi;
seen.closed = (await send(one(false, "3000", "Ioc", true))).filled.totalSz;
await exchange.updateLeverage({ asset: 4, isCross: true, leverage: 5 });
await exchange.usdSend({ destination: "0x70997970c51812dc3a010c7d01b50e0d17dc79c8", amount: "1" });

const isToldAll = () => seen.fills.length >= 2 && seen.actions.includes("usdSend");
for (let waited = 0; waited < 40 && !isToldAll(); waited += 1) {
  await new Promise((done) => setTimeout(done, 50));
}
console.log(JSON.stringify(seen));
process.exit(0);
