// Times of a video as people read them, shared by tiles and player.

/** Whether a signed address, EXPIRES of the API, is past its time. */
function expired(address) {
  const until = new URLSearchParams(address.split("?", 2)[1] ?? "").get("expires");
  return Boolean(until) && Number(until) * 1000 <= Date.now();
}

/** 72_340 -> "1:12.3"; hours only where there are any. */
function clock(ms, digits = 1) {
  const unit = 10 ** (3 - digits);
  const whole = Math.floor(Math.max(0, ms) / unit) * unit;
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor(whole / 60_000) % 60;
  const seconds = ((whole % 60_000) / 1000).toFixed(digits).padStart(digits ? digits + 3 : 2, "0");
  const head = hours ? `${hours}:${String(minutes).padStart(2, "0")}` : String(minutes);
  return `${head}:${seconds}`;
}
