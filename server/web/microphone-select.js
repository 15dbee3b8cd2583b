// SPDX-License-Identifier: LGPL-2.1-or-later

import {h} from './dom.js';
import {listMicrophones} from './microphone.js';
import {getSetting, setSetting} from './settings.js';
import {t} from './text.js';

/** A choice of microphones, shown as soon as the browser tells their names. */
export function makeMicrophoneSelect(id, changed) {
  const select = h('select', {id, onchange: () => {
    setSetting('device', select.value);
    changed();
  }});
  const element = h('div', {class: 'field', hidden: true},
                    h('label', {for: id}, t('microphone')), select);

  async function refresh() {
    const devices = await listMicrophones();
    element.hidden = devices.length === 0;
    select.replaceChildren(...devices.map((d) => h('option', {value: d.deviceId}, d.label)));
    const wanted = getSetting('device');
    select.value = devices.some((d) => d.deviceId === wanted) ? wanted : devices[0]?.deviceId ?? '';
  }
  navigator.mediaDevices?.addEventListener?.('devicechange', refresh);
  refresh();
  return {element, refresh};
}
