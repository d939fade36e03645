// The camera of this device: its pictures go to the server, which answers with verdicts.

const LONGEST = 640, QUALITY = 0.8, BEHIND = 400_000; // pixels; bytes that wait to be sent

/** Begin; `hear` gets what the server says. Returns the stream and a way to stop. */
export async function openCamera(interval, hear, ended) {
  if (!navigator.mediaDevices) {
    throw new Error("A browser gives its camera to pages of this machine (localhost) or of https only.");
  }
  const wish = { video: { width: { ideal: LONGEST }, frameRate: { ideal: 15 } }, audio: false };
  const stream = await navigator.mediaDevices.getUserMedia(wish).catch(error => {
    throw new Error(`The browser gives no camera (${error.name}).`);
  });
  const socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/api/camera`);
  const timer = setInterval(sender(stream, socket), 1000 * interval);
  const stop = () => {
    clearInterval(timer);
    stream.getTracks().forEach(track => track.stop());
    socket.close();
  };
  socket.onmessage = event => hear(JSON.parse(event.data));
  socket.onclose = event => { stop(); ended(event.reason); };
  return { stream, stop };
}

/** Return a function that sends the picture of now. */
function sender(stream, socket) {
  const video = document.createElement("video");
  const canvas = document.createElement("canvas");
  [video.srcObject, video.muted] = [stream, true];
  video.play().catch(() => {});
  return () => {
    const { videoWidth: width, videoHeight: height } = video;
    if (!width || socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > BEHIND) return;
    const scale = Math.min(1, LONGEST / Math.max(width, height));
    [canvas.width, canvas.height] = [Math.round(scale * width), Math.round(scale * height)];
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(picture => {
      if (picture && socket.readyState === WebSocket.OPEN) socket.send(picture);
    }, "image/jpeg", QUALITY);
  };
}
