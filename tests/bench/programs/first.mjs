// A whole process for one signature: imports what it is told, signs, prints, also the processor time in microseconds that it took.
const { sign } = await import(process.argv[2]);
const signature = await sign(JSON.parse(process.env.ORDER));
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ signature, processor: user + system }));
