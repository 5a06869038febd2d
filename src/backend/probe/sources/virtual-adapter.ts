import type { MachineWarning } from '#core/machine/machine.ts'

/** Remote, virtual and indirect displays by the words their makers use; the PnP id decides where it is known. */
const VIRTUAL_ADAPTER =
  /virtual|remote display|iddsample|parsec|spacedesk|sunshine|vmware|\bqxl\b|virtio|aspeed|matrox|basic (?:render|display)|citrix|displaylink|meta quest|mirage|hyper-v|teamviewer/i

/** True for an adapter that is no GPU: `ROOT\` and `SWD\` devices, or one whose name says so. */
export function isVirtualAdapter(name: string, pnpDeviceId: string | null): boolean {
  if (pnpDeviceId !== null && /^(?:ROOT|SWD)\\/i.test(pnpDeviceId)) return true
  if (pnpDeviceId !== null && /^PCI\\VEN_(?:10DE|1002|8086)/i.test(pnpDeviceId)) return false
  return VIRTUAL_ADAPTER.test(name)
}

/** Says that it was seen and left out. */
export function virtualAdapterWarning(name: string, source: string): MachineWarning {
  return { code: 'gpu-virtual-ignored', message: `${name} is a virtual or remote display, not a GPU`, source }
}
