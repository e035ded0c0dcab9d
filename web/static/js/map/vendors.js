// Loads Leaflet, a classic script that sets the global `L`, only when a map is shown.

export function loadScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(new Error(url));
    document.head.append(script);
  });
}

export async function loadVendors(section) {
  if (!window.L) await loadScript(section.dataset.leaflet);
}
