import { useSyncExternalStore } from 'react';
import { type Device, device } from '../lib/device';

/** The device class of <html>, which changes when a desktop window becomes as narrow as a phone. */
export function useDevice(): Device {
  return useSyncExternalStore((changed) => {
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributeFilter: ['data-device'] });
    return () => observer.disconnect();
  }, device);
}
