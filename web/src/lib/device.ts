/** The device class. public/boot.js detects it and sets it on <html>; styles and code read that attribute. */
export type Device = 'tv' | 'phone' | 'desktop';

export function device(): Device {
  const mark = document.documentElement.dataset.device;
  return mark === 'tv' || mark === 'phone' ? mark : 'desktop';
}

/** The browser's locale as public/boot.js repaired it: safe for every Intl constructor. */
export function systemLocale(): string {
  return document.documentElement.dataset.locale || 'en';
}
