// SPDX-License-Identifier: LGPL-2.1-or-later

import {Problem} from './api.js';
import {getSetting} from './settings.js';

/** Why there can be no microphone here, or null. */
export function findObstacle() {
  if (!window.isSecureContext)
    return new Problem({code: 'insecure'});
  if (!navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode)
    return new Problem({code: 'old-browser'});
  return null;
}

function explain(error) {
  const codes = {NotAllowedError: 'denied', SecurityError: 'denied', NotFoundError: 'no-microphone',
                 OverconstrainedError: 'no-microphone', NotReadableError: 'microphone-in-use',
                 AbortError: 'microphone-in-use'};
  return new Problem({code: codes[error.name] ?? 'unexpected', detail: error.message});
}

/** Microphones by name; without permission their names are empty, and the list is, too. */
export async function listMicrophones() {
  const devices = await navigator.mediaDevices?.enumerateDevices?.() ?? [];
  return devices.filter((device) => device.kind === 'audioinput' && device.label);
}

async function open(device) {
  /* What makes a call pleasant changes the voice. */
  const audio = {echoCancellation: false, noiseSuppression: false, autoGainControl: false};
  if (device)
    audio.deviceId = {exact: device};
  try {
    return await navigator.mediaDevices.getUserMedia({audio});
  } catch (error) {
    if (error.name === 'OverconstrainedError' && device)
      return open('');
    throw error;
  }
}

/** An open microphone: tells 'block' {block, level} each 100 ms, and 'ended' when it is unplugged. */
export class Microphone extends EventTarget {
  static async open() {
    const obstacle = findObstacle();
    if (obstacle)
      throw obstacle;
    const self = new Microphone();
    try {
      self.stream = await open(getSetting('device'));
      await self.#start();
    } catch (error) {
      self.close();
      throw explain(error);
    }
    return self;
  }

  get rate() {
    return this.context.sampleRate;
  }

  get name() {
    return this.stream.getAudioTracks()[0].label;
  }

  async #start() {
    this.context = new AudioContext();
    await this.context.audioWorklet.addModule('/web/pcm-worklet.js');
    await this.context.resume();
    const source = this.context.createMediaStreamSource(this.stream);
    this.node = new AudioWorkletNode(this.context, 'pcm', {numberOfOutputs: 0});
    this.node.port.onmessage = ({data}) => this.dispatchEvent(new CustomEvent('block', {detail: data}));
    source.connect(this.node);
    this.stream.getAudioTracks()[0].addEventListener('ended', () => {
      this.close();
      this.dispatchEvent(new Event('ended'));
    });
  }

  close() {
    if (this.node)
      this.node.port.onmessage = null;
    this.stream?.getTracks().forEach((track) => track.stop());
    if (this.context?.state !== 'closed')
      this.context?.close();
  }
}
