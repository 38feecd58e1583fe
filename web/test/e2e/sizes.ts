/** The screens that pages are tested on. */
export const sizes = {
  desktop: { viewport: { width: 1440, height: 900 } },
  tv: {
    viewport: { width: 1920, height: 1080 },
    userAgent: 'Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0 TV Safari/537.36',
  },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};
