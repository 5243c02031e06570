// Theme, time zone, help.

import { zoneName } from '../browser/clock.ts'
import { Button } from '../kit/button.tsx'
import { Choice } from '../kit/choice.tsx'
import { Icon } from '../kit/icon.tsx'
import { Menu } from '../kit/menu.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { THEMES, usePreferences, ZONES } from './preferences.tsx'

export function SettingsMenu({ onHelp }: { readonly onHelp: () => void }) {
  const { theme, setTheme, zone, setZone } = usePreferences()
  const version = useLive(({ picture }) => picture?.status.version ?? '')
  return (
    <Menu label={<Icon name="menu" size={15} />} name={text('settings.button')} button={{ kind: 'bare' }}>
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 text-mute text-xs">{text('settings.theme')}</legend>
        <div className="flex gap-1">
          {THEMES.map(name => (
            <Button key={name} on={theme === name} onClick={() => setTheme(name)}>
              {name !== 'system' && <Icon name={name === 'dark' ? 'moon' : 'sun'} size={13} />}
              {text(`settings.theme.${name}`)}
            </Button>
          ))}
        </div>
      </fieldset>
      <Choice
        label={text('settings.zone')}
        value={zone}
        options={ZONES.map(value => ({
          value,
          words: value === 'browser' ? `${zoneName(value)} (${text('settings.zone.browser')})` : value,
        }))}
        onChange={setZone}
      />
      <Button onClick={onHelp}>
        <Icon name="help" size={14} />
        {text('settings.help')}
      </Button>
      <p className="text-2xs text-mute">{text('settings.version', { version })}</p>
    </Menu>
  )
}
