// Calls every query and every subscription of @nktkas/hyperliquid over the URL in argv[2], for the user in argv[3];
// prints which were answered, heard or silent, and what went wrong with the others. The explorer's are left out:
// the client sends them to another host.
import * as hl from "@nktkas/hyperliquid";
import WebSocket from "ws";

const [url, user] = process.argv.slice(2);
const coin = "ETH";
const startTime = 0;
const parameters = {
  activeAssetCtx: { coin },
  activeAssetData: { user, coin },
  activeSpotAssetCtx: { coin: "@1035" },
  alignedQuoteTokenInfo: { token: 0 },
  bbo: { coin },
  borrowLendReserveState: { token: 0 },
  candle: { coin, interval: "1m" },
  candleSnapshot: { coin, interval: "1m", startTime },
  fundingHistory: { coin, startTime },
  l2Book: { coin },
  marginTable: { id: 51 },
  maxBuilderFee: { user, builder: user },
  orderStatus: { user, oid: 1 },
  perpAnnotation: { coin },
  perpDexLimits: { dex: "test" },
  perpDexStatus: { dex: "test" },
  preTransferCheck: { user, source: user },
  recentTrades: { coin },
  settledOutcome: { outcome: 1 },
  tokenDetails: { tokenId: "0xeb62eee3685fc4c43992febcd9e75443" },
  trades: { coin },
  userBorrowLendInterest: { user, startTime },
  userFillsByTime: { user, startTime },
  userTwapSliceFillsByTime: { user, startTime },
  vaultDetails: { vaultAddress: user },
};
// Those that take nothing.
const bare = new RegExp(
  "^(all(BorrowLend|DexsAsset|Mids|Perp)|assetCtxs|exchangeStatus|explorer|fastAsset|gossip|liquidatable|maxMarket" +
    "|meta|outcome|perpCat|perpCon|perpDeploy|perpDexs|perpsAt|predicted|spotAsset|spotMeta|spotPair|usdc|validator" +
    "|vaultSumm)",
);
const elsewhere = new Set(["blockDetails", "txDetails", "userDetails"]);
const argumentsOf = (method) => (bare.test(method) ? [] : [parameters[method] ?? { user }]);
const methods = (client) =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(client)).filter(
    (name) => name !== "constructor" && !elsewhere.has(name),
  );

const seen = { answered: [], heard: [], silent: [], failed: {} };
const transport = new hl.HttpTransport({ isTestnet: true, apiUrl: url, rpcUrl: url });
const info = new hl.InfoClient({ transport });
for (const method of methods(info)) {
  try {
    await info[method](...argumentsOf(method));
    seen.answered.push(method);
  } catch (error) {
    seen.failed[method] = String(error.message).slice(0, 120);
  }
}

const sockets = new hl.WebSocketTransport({
  isTestnet: true,
  url: `${url.replace("http", "ws")}/ws`,
  reconnect: { WebSocket },
});
const feed = new hl.SubscriptionClient({ transport: sockets });
for (const method of methods(feed)) {
  const how = await new Promise((done) => {
    feed[method](...argumentsOf(method), () => done("heard")).then(
      () => setTimeout(() => done("silent"), 300),
      (error) => done(error),
    );
  });
  if (typeof how === "string") seen[how].push(method);
  else seen.failed[method] = String(how.message).slice(0, 120);
}
console.log(JSON.stringify(seen));
process.exit(0);
