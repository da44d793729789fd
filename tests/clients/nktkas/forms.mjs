// Holds the answers that walk.mjs printed, read from standard input, against the client's own response types; prints
// the differences. Its types are what its author's tests meet on the testnet.
import fs from "node:fs";
import path from "node:path";
import Ajv from "ajv";
import { createGenerator } from "ts-json-schema-generator";

const ROOT = "node_modules/@nktkas/hyperliquid/esm/api";
const SUFFIX = { info: "Response", exchange: "Response", subscription: "Event" };
// Answers that walk.mjs notes under a name of their own.
const SAME = { order2: "order", filled: "order", tpsl: "order", btc: "order", sol: "order", spot: "order", closed: "order", isolated: "updateLeverage" };

function forms(kind) {
  const folder = path.join(ROOT, kind, "_methods");
  const lines = fs.readdirSync(folder).filter((file) => file.endsWith(".d.ts")).map((file, number) => {
    const types = [...fs.readFileSync(path.join(folder, file), "utf8").matchAll(/export type (\w+)/g)].map((match) => match[1]);
    const type = types.find((name) => name.endsWith(SUFFIX[kind]) && !name.endsWith("SuccessResponse"));
    const from = `./${path.join(folder, file).replace(".d.ts", ".js")}`;
    return `import type { ${type} as T${number} } from "${from}"; export type form_${file.replace(".d.ts", "")} = T${number};`;
  });
  fs.writeFileSync("forms.ts", lines.join("\n"));
  const compilerOptions = { target: "esnext", module: "esnext", moduleResolution: "bundler", strict: true, noEmit: true, skipLibCheck: true };
  fs.writeFileSync("tsconfig.json", JSON.stringify({ compilerOptions, files: ["forms.ts"] }));
  const settings = { skipTypeCheck: true, jsDoc: "extended", strictTuples: true, additionalProperties: false, topRef: true, expose: "all" };
  return createGenerator({ path: "forms.ts", tsconfig: "tsconfig.json", ...settings }).createSchema("*");
}

const seen = JSON.parse(fs.readFileSync(0));
const ajv = new Ajv({ strict: false, allErrors: true });
const differences = [];
let held = 0;
for (const kind of Object.keys(SUFFIX)) {
  ajv.addSchema(forms(kind), kind);
  for (const [as, note] of Object.entries(seen[kind])) {
    const name = SAME[as] ?? as.split(".")[0];
    const answers = kind === "subscription" ? note.events ?? [] : note.error === undefined ? [note.value] : [];
    const form = ajv.getSchema(`${kind}#/definitions/form_${name}`);
    const wrong = answers.find((answer) => !form(answer));
    held += answers.length;
    if (wrong === undefined) continue;
    form(wrong);
    const errors = form.errors.filter((error) => !["anyOf", "oneOf"].includes(error.keyword)).slice(0, 5);
    differences.push(`${kind}.${as}: ${errors.map((error) => `${error.instancePath} ${error.message}`).join("; ")}`);
  }
}
console.log(JSON.stringify({ held, differences }));
