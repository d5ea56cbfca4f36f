import { expect, it } from 'vitest';
import { addressError } from './public-address.ts';

it.each([
  'https://crm.example/hooks',
  'https://hooks.zapier.com/x?y=1',
  'https://crm.example:8443/',
  'https://crm.example./',
  'https://local.example/',
  'https://svc.example/',
  'https://internal.crm.example/',
  'https://10.example/',
  'https://mylocal.net/',
])('lets a webhook go to %s', (address) => expect(addressError(address, false)).toBeNull());

it.each([
  'http://crm.example/',
  'ftp://crm.example/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://user:password@crm.example/',
  'https://localhost/',
  'https://localhost./',
  'https://a.localhost/',
  'https://127.0.0.1/',
  'https://127.1/',
  'https://0x7f000001/',
  'https://2130706433/',
  'https://0/',
  'https://10.1.2.3/',
  'https://169.254.169.254/latest/meta-data/',
  'https://93.184.216.34/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[fd00::1]/',
  'https://router/',
  'https://printer.local/',
  'https://metadata.google.internal/',
  'https://db.corp/',
  'https://localhost.localdomain/',
  'https://localhost../',
  'https://LOCALHOST.LocalDomain./',
  'https://api.default.svc/',
  'https://kubernetes.default/',
  'https://api.default.svc.cluster.local/',
  'https://vault.service.consul/',
  'https://metadata.google.internal./',
  'https://host.docker.internal/',
  'https://router.lan/',
  'https://box.home.arpa/',
  'https://1.0.0.127.in-addr.arpa/',
  'https://0177.0.0.1/',
  'https://0x7f.1/',
  'https://127.0.0.1./',
  'https://%31%32%37.0.0.1/',
  'https://a..example/',
  'https://token@crm.example/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[2002:7f00:1::]/',
  'https://ｌｏｃａｌｈｏｓｔ/',
  'https://127。0。0。1/',
  'nonsense',
  '',
])('does not let one go to %s', (address) => expect(addressError(address, false)).toMatch(/^must/));

it('lets local development call this machine, and nothing else inside', () => {
  expect(addressError('http://127.0.0.1:8080/hooks', true)).toBeNull();
  expect(addressError('http://localhost:8080/hooks', true)).toBeNull();
  expect(addressError('http://10.0.0.1/', true)).not.toBeNull();
  expect(addressError('http://crm.example/', true)).not.toBeNull();
});
